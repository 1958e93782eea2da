import type { Flag, Instruction } from '../syntax/dockerfile.ts';
import type { Expanded } from './expand.ts';
import type { Mount } from './graph.ts';
import { baseName, cleanPath, resolvePath } from './paths.ts';

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
const sharings = ['shared', 'private', 'locked'] as const;

/** The mounts of a RUN in the order written (BuildKit's instructions/commands_runmount.go). What BuildKit would refuse is read as far as it goes. */
export const parseMounts = (run: Instruction, workdir: string, expand: (word: string) => Expanded): Mount[] =>
  run.flags.filter(({ name }) => name === 'mount').map((flag) => parseMount(flag, workdir, expand));

interface Field {
  readonly key: string;
  readonly written: string | undefined;
  readonly value: Expanded;
}

function parseMount(flag: Flag, workdir: string, expand: (word: string) => Expanded): Mount {
  const fields = csvFields(flag.value ?? '').map((field) => fieldOf(field, expand));
  const get = (...keys: readonly string[]) => fields.findLast(({ key }) => keys.includes(key));
  const type = types.find((name) => name === get('type')?.value.text.toLowerCase()) ?? 'bind';
  const id = get('id')?.value.text;
  const source = get('source', 'src');
  const target = get('target', 'dst', 'destination');
  return {
    type,
    target: targetOf(
      type,
      target?.value,
      { id: source?.value.text ?? id, inEnvironment: get('env') !== undefined },
      workdir,
    ),
    writtenTarget: target?.written,
    source: source?.value.text,
    from: get('from')?.value.text,
    id,
    sharing: sharings.find((name) => name === get('sharing')?.value.text.toLowerCase()) ?? 'shared',
    readOnly: isReadOnly(type, fields),
    options: new Map(fields.map(({ key, value }) => [key, value.text])),
    flag,
  };
}

function fieldOf(field: string, expand: (word: string) => Expanded): Field {
  const equals = field.indexOf('=');
  const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
  const written = equals < 0 ? undefined : field.slice(equals + 1);
  return { key, written, value: written === undefined ? { text: '', known: true } : expand(written) };
}

function targetOf(
  type: Mount['type'],
  target: Expanded | undefined,
  secret: { readonly id: string | undefined; readonly inEnvironment: boolean },
  workdir: string,
): string | undefined {
  if (target && target.text !== '') return target.known ? resolvePath(workdir, target.text) : undefined;
  if (type !== 'secret' || secret.inEnvironment || secret.id === undefined) return undefined;
  return cleanPath(`/run/secrets/${baseName(secret.id)}`);
}

const isTrue = (text: string): boolean => text === '' || /^(1|t|true)$/i.test(text);

/** Bind mounts, secrets and agents are read-only unless the last of `ro` and `rw` says otherwise. */
function isReadOnly(type: Mount['type'], fields: readonly Field[]): boolean {
  const field = fields.findLast(({ key }) => ['ro', 'readonly', 'rw', 'readwrite'].includes(key));
  if (!field) return type !== 'cache' && type !== 'tmpfs';
  return (field.key === 'ro' || field.key === 'readonly') === isTrue(field.value.text);
}

/** One line of CSV as Go's encoding/csv reads it: commas, and `"…"` with `""` for a quote. */
export function csvFields(line: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const { field, end } = line[at] === '"' ? quotedField(line, at) : plainField(line, at);
    fields.push(field);
    at = end + 1;
  }
  return fields;
}

function plainField(line: string, at: number): { readonly field: string; readonly end: number } {
  const comma = line.indexOf(',', at);
  const end = comma < 0 ? line.length : comma;
  return { field: line.slice(at, end), end };
}

function quotedField(line: string, at: number): { readonly field: string; readonly end: number } {
  let field = '';
  let from = at + 1;
  for (let quote = line.indexOf('"', from); quote >= 0; quote = line.indexOf('"', from)) {
    field += line.slice(from, quote);
    if (line[quote + 1] !== '"') {
      const rest = plainField(line, quote + 1);
      return { field: field + rest.field, end: rest.end };
    }
    field += '"';
    from = quote + 2;
  }
  return { field: field + line.slice(from), end: line.length };
}
