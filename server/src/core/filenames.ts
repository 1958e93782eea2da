/** `.dockerignore`, and `<Dockerfile>.dockerignore`, which counts for that Dockerfile alone. */
export const isIgnoreFileName = (name: string): boolean => name.endsWith('.dockerignore');

// Case counts: dockerfile.ts and the like are no Dockerfiles. The builder itself takes `dockerfile` where there is no `Dockerfile`.
const dockerfileName =
  /^(Docker|Container)file(\..+)?$|^dockerfile$|.\.([Dd]ocker|[Cc]ontainer)file$|^(Docker|Container)file[-_](?!.*\.(template|tmpl|tpl|j2|erb|md|txt|sh)$)./;

/** Names of files that hold a Dockerfile: Dockerfile, Dockerfile.dev, Dockerfile-dev, api.Dockerfile, Containerfile … `name` has no folder. */
export const isDockerfileName = (name: string): boolean => dockerfileName.test(name) && !isIgnoreFileName(name);
