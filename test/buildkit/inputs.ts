import { fileTree, type Tree } from './fileTree.ts';
import type { BuildInput, FileSpec, Operation, Scenario } from './scenario.ts';

/** The input of the first build and of the one after each change. Throws on an operation that cannot be done, such as writing a file that is not there. */
export function inputsOf(scenario: Scenario): BuildInput[] {
  const tree = fileTree();
  for (const [path, spec] of Object.entries(scenario.files)) putSpec(tree, path, spec);
  tree.put('Dockerfile', 'file', scenario.dockerfile);
  const { args = {}, target, ownImages = false } = scenario;
  let settings: Settings = { args, target, ownImages };
  const inputs = [{ files: tree.snapshot(), ...settings }];
  for (const change of scenario.changes) {
    for (const operation of [change].flat()) settings = apply(tree, settings, operation);
    inputs.push({ files: tree.snapshot(), ...settings });
  }
  return inputs;
}

type Settings = Omit<BuildInput, 'files'>;

function putSpec(tree: Tree, path: string, spec: FileSpec): void {
  if (typeof spec === 'string') tree.put(path, 'file', spec);
  else if ('symlink' in spec) tree.put(path, 'symlink', spec.symlink);
  else if ('dir' in spec) tree.put(path, 'directory', '');
  else tree.put(path, 'file', spec.text, { mode: octal(spec.mode), mtime: spec.mtime });
}

function apply(tree: Tree, settings: Settings, operation: Operation): Settings {
  switch (operation.op) {
    case 'arg':
      return { ...settings, args: { ...settings.args, [operation.name]: operation.value } };
    case 'unarg': {
      const { [operation.name]: _, ...args } = settings.args;
      return { ...settings, args };
    }
    case 'target':
      return { ...settings, target: operation.value };
    case 'dockerfile':
    case 'sub':
      tree.put('Dockerfile', 'file', edited(tree.text('Dockerfile'), operation));
      return settings;
    default:
      applyToFile(tree, operation);
      return settings;
  }
}

type FileOperation = Exclude<Operation, { op: 'arg' | 'unarg' | 'target' | 'dockerfile' | 'sub' }>;

function applyToFile(tree: Tree, operation: FileOperation): void {
  switch (operation.op) {
    case 'nothing':
      break;
    case 'touch':
      tree.change(operation.path, { mtime: undefined });
      break;
    case 'write':
      tree.change(operation.path, { text: operation.text, ...(operation.keep_mtime ? {} : { mtime: undefined }) });
      break;
    case 'add':
      tree.put(operation.path, 'file', operation.text, { mode: octal(operation.mode) });
      break;
    case 'chmod':
      tree.change(operation.path, { mode: octal(operation.mode) });
      break;
    case 'delete':
      tree.remove(operation.path);
      break;
    case 'mkdir':
      tree.put(operation.path, 'directory', '');
      break;
    case 'symlink':
      tree.put(operation.path, 'symlink', operation.target);
      break;
    case 'rename':
      tree.rename(operation.path, operation.to);
      break;
    case 'ignore':
      tree.put('.dockerignore', 'file', operation.text);
  }
}

function edited(text: string, operation: Extract<Operation, { op: 'dockerfile' | 'sub' }>): string {
  if (operation.op === 'dockerfile') return operation.text;
  const { old, new: value, count } = operation;
  if (!text.includes(old)) throw new Error(`the Dockerfile has no ${JSON.stringify(old)} to replace`);
  const parts = text.split(old);
  const replaced = count ?? parts.length - 1;
  return parts.reduce((done, part, index) => done + (index <= replaced ? value : old) + part);
}

const octal = (mode: string | undefined): number | undefined =>
  mode === undefined ? undefined : Number.parseInt(mode, 8);
