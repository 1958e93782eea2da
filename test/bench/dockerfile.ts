/** One stage of 20 lines as real projects write them: system packages, dependencies, sources, a build, comments and continuations. */
const stage = (number: number): string => `
# Service ${number}
FROM node:22-bookworm-slim AS service${number}
ARG COMMIT_SHA
ARG API_URL=https://api.example.com/v${number}
ENV NODE_ENV=production \\
    API_URL=\${API_URL}
WORKDIR /srv/service${number}
RUN apt-get update \\
    && apt-get install -y --no-install-recommends \\
      ca-certificates curl git \\
      # needed by the native modules
      python3 make g++ \\
    && rm -rf /var/lib/apt/lists/*
COPY services/service${number}/package.json services/service${number}/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY services/service${number} .
RUN npm run build && npm prune --omit=dev
EXPOSE 8080
CMD ["node", "dist/main.js"]
`;

/** A Dockerfile of about so many lines, the same each time. */
export function generated(lines: number): string {
  const first = '# syntax=docker/dockerfile:1\n';
  const stages = Array.from({ length: Math.max(1, Math.round(lines / 20)) }, (_, index) => stage(index + 1));
  return first + stages.join('').slice(1);
}
