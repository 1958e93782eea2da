/** `.dockerignore`, and `<Dockerfile>.dockerignore`, which counts for that Dockerfile alone. */
export const isIgnoreFileName = (name: string): boolean => /\.dockerignore$/i.test(name);

const dockerfileName = /^(docker|container)file([.-].+)?$|.\.(docker|container)file$/i;

/** Names of files that hold a Dockerfile: Dockerfile, Dockerfile.dev, api.Dockerfile, Containerfile … `name` has no folder. */
export const isDockerfileName = (name: string): boolean => dockerfileName.test(name) && !isIgnoreFileName(name);
