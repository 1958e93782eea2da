/** What is found in the Dockerfile of examples/node-app, with or without its files. */
export const exampleFindings = [
  'early-arg 3',
  'split-apt-update 5',
  'missing-cache-mount 6',
  'copy-before-install 7',
  'missing-cache-mount 8',
];

/** Files that its COPY . . brings: all but what its .dockerignore leaves out. */
export const exampleFiles = 16;
