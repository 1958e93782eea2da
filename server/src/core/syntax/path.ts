/** What is behind the last `/`: of a file's path its name. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
