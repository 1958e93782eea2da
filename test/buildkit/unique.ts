import { type Instruction, parseDockerfile } from '../../server/src/core/syntax/dockerfile.ts';
import { type BuildInput, dockerfileOf, type FileState } from './scenario.ts';

/**
 * Makes a scenario's builds share nothing with others on the same builder, which is much faster than emptying its cache: a folder of its
 * own at the beginning of every stage and, for what BuildKit finds by content alone, a line of its own in every file.
 * A file that stays the same from one input to the next stays the same object.
 */
export function unique(inputs: readonly BuildInput[], token: string): BuildInput[] {
  const byContent = inputs.some((input) => /--link|FROM scratch/i.test(dockerfileOf(input)));
  const changed = new Map<FileState, FileState>();
  const change = (path: string, file: FileState): FileState => {
    const known = changed.get(file) ?? uniqueFile(path, file, token, byContent);
    changed.set(file, known);
    return known;
  };
  return inputs.map((input) => ({
    ...input,
    files: new Map([...input.files].map(([path, file]) => [path, change(path, file)])),
  }));
}

function uniqueFile(path: string, file: FileState, token: string, byContent: boolean): FileState {
  if (path === 'Dockerfile') return { ...file, text: uniqueDockerfile(file.text, token) };
  const ownLine = byContent && file.type === 'file' && !path.endsWith('.dockerignore');
  return ownLine ? { ...file, text: `${file.text}# ${token}\n` } : file;
}

/** The second WORKDIR adds no operation and leaves the working directory as the base image has it. */
function uniqueDockerfile(written: string, token: string): string {
  const text = uniqueLinks(written, token);
  const { instructions } = parseDockerfile(text);
  const names = new Set<string>();
  let result = '';
  let done = 0;
  for (const from of instructions.filter(({ keyword }) => keyword === 'FROM')) {
    const ownBase = !names.has(from.args[0]?.text.toLowerCase() ?? '');
    names.add(stageName(from));
    if (!ownBase) continue;
    result += `${text.slice(done, from.span.end)}\nWORKDIR /.${token}\nWORKDIR /`;
    done = from.span.end;
  }
  return result + text.slice(done);
}

/** The copy of a `COPY --link` stands on nothing, so where it reads no file of the context it gets a destination or a line of its own. */
function uniqueLinks(text: string, token: string): string {
  const linked = parseDockerfile(text).instructions.filter(({ flags }) => flags.some(({ name }) => name === 'link'));
  return linked.toReversed().reduce((result, { heredocs, flags, args, form }) => {
    const insert = (at: number, inserted: string) => result.slice(0, at) + inserted + result.slice(at);
    const [heredoc] = heredocs;
    if (heredoc) return insert(heredoc.bodySpan.end, `# ${token}\n`);
    const destination = args.at(-1);
    if (!destination?.text.endsWith('/') || !flags.some(({ name }) => name === 'from')) return result;
    return insert(destination.span.end - Number(form === 'exec'), `.${token}/`);
  }, text);
}

const stageName = ({ args: [, as, name] }: Instruction): string =>
  as?.text.toLowerCase() === 'as' ? (name?.text.toLowerCase() ?? '') : '';
