import * as vscode from 'vscode';

/** Names of files that hold a Dockerfile; ignore files have some of these names, too. */
export const dockerfilePattern =
  '**/{Dockerfile,Dockerfile[-_.]*,*.[Dd]ockerfile,Containerfile,Containerfile[-_.]*,*.[Cc]ontainerfile}';

/** Other schemes (the old side of a git comparison, output panels) are left out: nobody edits there. */
export const editedSchemes = (): ReadonlySet<string> =>
  new Set([
    'file',
    'untitled',
    'vscode-remote',
    ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme),
  ]);

/**
 * The documents that the server is told of. Ignore files are chosen by name as well, because other extensions give them another language.
 */
export function documentSelector(): { scheme: string; language?: string; pattern?: string }[] {
  return [...editedSchemes()].flatMap((scheme) => [
    { scheme, language: 'dockerfile' },
    { scheme, language: 'dockerignore' },
    { scheme, pattern: '**/{.dockerignore,*.dockerignore}' },
    { scheme, language: 'plaintext', pattern: dockerfilePattern },
  ]);
}
