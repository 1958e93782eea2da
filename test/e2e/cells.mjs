// What the suite is run on. A cell is one start of VS Code.

/**
 * @typedef {object} Cell
 * @property {'newest' | 'oldest'} vscode
 * @property {'sources' | 'vsix'} from the checkout's dist/, or the packed and installed extension
 * @property {'node' | 'web'} kind the extension host: a process of its own, or a web worker
 * @property {'folder' | 'workspace'} open one folder, or a .code-workspace with two
 */

/** @type {Cell[]} */
export const cells = [
  { vscode: 'newest', from: 'sources', kind: 'node', open: 'folder' },
  { vscode: 'newest', from: 'vsix', kind: 'node', open: 'workspace' },
  { vscode: 'newest', from: 'sources', kind: 'web', open: 'workspace' },
  { vscode: 'newest', from: 'vsix', kind: 'web', open: 'folder' },
  { vscode: 'oldest', from: 'vsix', kind: 'node', open: 'workspace' },
  { vscode: 'oldest', from: 'vsix', kind: 'web', open: 'folder' },
];

export const nameOf = ({ vscode, from, kind, open }) => `${vscode}-${from}-${kind}-${open}`;
