const badlyOrdered = `ARG COMMIT_SHA
ARG API_URL=https://api.example.com`;
const wellOrdered = `ARG API_URL=https://api.example.com
ENV LOCALE=en`;
const packages = `RUN apt-get update \\
    && apt-get install -y --no-install-recommends \\`;
const mountedPackages = `RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    apt-get update && apt-get install -y --no-install-recommends \\`;

/**
 * One stage of 20 lines as real projects write them: system packages, dependencies, sources, a build, comments and continuations.
 * Every fourth could be better.
 */
const stage = (number: number): string => `
# Service ${number}
FROM node:22-bookworm-slim AS service${number}
${number % 4 === 1 ? badlyOrdered : wellOrdered}
ENV NODE_ENV=production \\
    API_URL=\${API_URL}
WORKDIR /srv/service${number}
${number % 4 === 1 ? packages : mountedPackages}
      ca-certificates curl git \\
      # needed by the native modules
      python3 make g++
COPY services/service${number}/package.json services/service${number}/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY services/service${number} .
RUN npm run build && npm prune --omit=dev
EXPOSE 8080
CMD ["node", "dist/main.js"]
`;

/** A Dockerfile of about so many lines, the same each time: services, and an image that takes from each of them. */
export function generated(lines: number): string {
  const numbers = Array.from({ length: Math.max(1, Math.round(lines / 20)) }, (_, index) => index + 1);
  const copies = numbers.map((number) => `COPY --from=service${number} /srv/service${number}/dist /srv/${number}\n`);
  return `# syntax=docker/dockerfile:1\n${numbers.map(stage).join('')}\nFROM gcr.io/distroless/nodejs22\n${copies.join('')}`;
}
