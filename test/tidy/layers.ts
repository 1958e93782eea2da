import type { Import } from './sources.ts';

interface Layer {
  /** Path prefix of the files that the row is about; the first row that fits counts. */
  readonly files: string;
  /** Path prefixes of files, and package names, that they may import. */
  readonly may: readonly string[];
}

const core = 'server/src/core/';
const inCore = (...names: string[]): string[] => names.map((name) => core + name);

/** Who may import whom. Everything points one way: node | browser → lsp | cli → core; within core along the data's way. */
const layers: readonly Layer[] = [
  { files: `${core}syntax/`, may: [...inCore('syntax/'), 'dockerfile-ast', 'unbash'] },
  { files: `${core}build/`, may: inCore('build/', 'syntax/') },
  {
    files: `${core}context/`,
    may: [...inCore('context/', 'syntax/', 'build/paths.ts', 'filenames.ts', 'workspace.ts'), 'minimatch'],
  },
  {
    files: `${core}managers/`,
    may: [...inCore('managers/', 'build/', 'context/', 'syntax/', 'workspace.ts'), 'minimatch', 'smol-toml', 'yaml'],
  },
  {
    files: `${core}cache/`,
    may: inCore('cache/', 'build/', 'context/', 'managers/', 'syntax/', 'workspace.ts', 'prose.ts'),
  },
  { files: `${core}rules/index.ts`, may: inCore('rules/', 'rule.ts') },
  {
    files: `${core}rules/`,
    may: inCore('rule.ts', 'build/', 'cache/', 'context/', 'managers/', 'syntax/', 'fixes/', 'fixes.ts', 'prose.ts'),
  },
  {
    files: `${core}fixes/`,
    may: inCore(
      'fixes/',
      'fixes.ts',
      'remember.ts',
      'build/',
      'cache/',
      'context/',
      'managers/',
      'syntax/',
      'workspace.ts',
      'prose.ts',
    ),
  },
  { files: core, may: [core] },
  // What these import, every start waits for before it can reply.
  {
    files: 'server/src/lsp/server.ts',
    may: [
      ...['capabilities', 'clientProfile', 'gate'].map((name) => `server/src/lsp/${name}.ts`),
      'vscode-languageserver',
    ],
  },
  { files: 'server/src/lsp/capabilities.ts', may: ['server/src/lsp/clientProfile.ts', 'vscode-languageserver'] },
  { files: 'server/src/lsp/clientProfile.ts', may: ['vscode-languageserver'] },
  { files: 'server/src/lsp/gate.ts', may: ['vscode-languageserver'] },
  {
    files: 'server/src/lsp/',
    may: [core, 'server/src/lsp/', 'vscode-languageserver', 'vscode-languageserver-textdocument'],
  },
  // The program's main is where the command line meets its host.
  { files: 'server/src/cli/main.ts', may: ['server/src/cli/', 'server/src/node/', 'node:'] },
  { files: 'server/src/cli/', may: [core, 'server/src/cli/', 'node:', 'package.json'] },
  {
    files: 'server/src/node/main.ts',
    may: [
      'server/src/node/engine.ts',
      'server/src/node/serve.ts',
      'server/src/lsp/server.ts',
      'vscode-languageserver/node',
    ],
  },
  { files: 'server/src/node/', may: [core, 'server/src/node/', 'server/src/lsp/', 'node:'] },
  {
    files: 'server/src/browser/main.ts',
    may: ['server/src/browser/', 'server/src/lsp/', 'vscode-languageserver/browser'],
  },
  { files: 'server/src/browser/', may: [core, 'server/src/browser/', 'server/src/lsp/'] },
  { files: 'client/src/node/', may: ['client/src/', 'vscode', 'vscode-languageclient', 'node:'] },
  { files: 'client/src/browser/', may: ['client/src/', 'vscode', 'vscode-languageclient'] },
  { files: 'client/src/', may: ['client/src/', 'vscode', 'vscode-languageclient'] },
];

function allows(may: readonly string[], target: string): boolean {
  return may.some((name) => {
    const isPrefix = name.endsWith('/') || name.endsWith(':');
    return target === name || target.startsWith(isPrefix ? name : `${name}/`);
  });
}

/** What is wrong with an import; undefined where it is allowed. */
export function forbidden({ file, specifier, target }: Import): string | undefined {
  const layer = layers.find(({ files }) => file.startsWith(files));
  if (!layer) return `${file}: there is no such folder in the house`;
  if (specifier.startsWith('.') && !/\.(ts|json)$/.test(specifier)) return `${file}: "${specifier}" has no extension`;
  return allows(layer.may, target) ? undefined : `${file} must not import ${target}`;
}
