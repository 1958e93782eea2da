import * as vscode from 'vscode';

/**
 * The documents that the server is told of. Ignore files are chosen by name as well, because other extensions give them another language.
 * Other schemes (the old side of a git comparison, output panels) are left out: nobody edits there.
 */
export function documentSelector(): { scheme: string; language?: string; pattern?: string }[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const schemes = new Set(['file', 'untitled', 'vscode-remote', ...folders.map(({ uri }) => uri.scheme)]);
  return [...schemes].flatMap((scheme) => [
    { scheme, language: 'dockerfile' },
    { scheme, language: 'dockerignore' },
    { scheme, pattern: '**/{.dockerignore,*.dockerignore}' },
    {
      scheme,
      language: 'plaintext',
      pattern: '**/{Dockerfile,Dockerfile.*,*.[Dd]ockerfile,Containerfile,Containerfile.*}',
    },
  ]);
}
