import { buildGraph } from '../../server/src/core/build/graph.ts';
import { parseDockerfile } from '../../server/src/core/syntax/dockerfile.ts';
import { type BuildInput, contextNames, dockerfileOf, type FileState } from './scenario.ts';

/**
 * Makes a scenario's builds share nothing with others on the same builder, which is much faster than emptying its cache: a folder of its
 * own at the beginning of every stage and, for what BuildKit finds by content alone, a line of its own in every file.
 * A file that stays the same from one input to the next stays the same object.
 */
export function unique(inputs: readonly BuildInput[], token: string): BuildInput[] {
  const byContent = inputs.some((input) => /--link|FROM scratch/i.test(dockerfileOf(input)));
  const changed = new Map<FileState, FileState>();
  const change = (input: BuildInput, path: string, file: FileState): FileState => {
    const known =
      changed.get(file) ??
      (path === 'Dockerfile'
        ? { ...file, text: uniqueDockerfile(file.text, token, input) }
        : uniqueFile(path, file, token, byContent));
    changed.set(file, known);
    return known;
  };
  return inputs.map((input) => ({
    ...input,
    files: new Map([...input.files].map(([path, file]) => [path, change(input, path, file)])),
  }));
}

function uniqueFile(path: string, file: FileState, token: string, byContent: boolean): FileState {
  const ownLine = byContent && file.type === 'file' && !path.endsWith('.dockerignore');
  return ownLine ? { ...file, text: `${file.text}# ${token}\n` } : file;
}

/**
 * The second WORKDIR adds no operation and leaves the working directory as the base image has it, if that has none of its own: otherwise, where it
 * has a shell, a command does it.
 */
function uniqueDockerfile(written: string, token: string, input: BuildInput): string {
  const text = uniqueLinks(written, token);
  const { stages } = buildGraph(parseDockerfile(text), { args: input.args, namedContexts: contextNames(input) });
  let result = '';
  let done = 0;
  for (const { from, base } of stages.filter((stage) => stage.base.kind !== 'stage')) {
    const lines = input.ownImages && base.kind === 'image' ? `RUN : ${token}` : `WORKDIR /.${token}\nWORKDIR /`;
    result += `${text.slice(done, from.span.end)}\n${lines}`;
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
