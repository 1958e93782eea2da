import type { FileSpec, Operation } from '../scenario.ts';
import type { Files } from './project.ts';

/** A Dockerfile with its context, and the changes whose cost is counted. */
export interface FixCase {
  readonly name: string;
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, FileSpec>>;
  readonly args: Readonly<Record<string, string>>;
  /** Each followed by a build: a source file, then what else changes with every build. */
  readonly changes: readonly Operation[];
  /** Absolute paths in the image that a suggestion may change, as its title or message says. */
  readonly mayDiffer?: readonly string[];
  /** Of a case that a stage can be extracted from: all that the image must still hold as it was. */
  readonly keeps?: readonly string[];
}

export function caseOf(name: string, dockerfile: string, files: Files, source: string): FixCase {
  const present = Object.entries(files).filter((entry): entry is [string, FileSpec] => entry[1] !== undefined);
  const changes: Operation[] = [{ op: 'write', path: source, text: `changed ${source}\n` }];
  if (/GIT_SHA/.test(dockerfile)) changes.push({ op: 'arg', name: 'GIT_SHA', value: 'b' });
  const version = 'APP_VERSION=1.2.';
  if (dockerfile.includes(`${version}3`)) changes.push({ op: 'sub', old: `${version}3`, new: `${version}4` });
  const [, folder, path] = /^ARG (\w+_(?:DIR|HOME))=(\/\S+)/m.exec(dockerfile) ?? [];
  if (folder && path) changes.push({ op: 'arg', name: folder, value: `${path}/other` });
  const args: Record<string, string> = /ARG GIT_SHA/.test(dockerfile) ? { GIT_SHA: 'a' } : {};
  return { name, dockerfile, files: Object.fromEntries(present), args, changes };
}
