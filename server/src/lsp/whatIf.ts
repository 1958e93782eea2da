import type { Config } from '../core/config.ts';
import { type BuildChange, type BuildInput, type WhatIfStep, whatIf } from '../core/whatIf.ts';
import type { ContextSnapshot } from '../core/workspace.ts';
import type { Session } from './session.ts';

/** Request of our own client: which steps of one Dockerfile run again after a change. */
export const whatIfMethod = 'cacheLens/whatIf';

export interface WhatIfParams {
  /** Its URI; the document need not be open. */
  readonly dockerfile: string;
  /** A file or folder by its URI, or a build argument by its name. */
  readonly change: { readonly file: string } | { readonly argument: string };
}

export interface WhatIfAnswer {
  /** Steps that are not cached then, in file order. */
  readonly steps: readonly WhatIfStep[];
  /** Why there is no better answer, as a sentence; null where nothing stands in the way. */
  readonly message: string | null;
}

export function provideWhatIf(session: Session): void {
  session.connection.onRequest(whatIfMethod, async (params: unknown): Promise<WhatIfAnswer> => {
    try {
      return isQuestion(params) ? await answer(session, params) : nothing('The question was not understood.');
    } catch (error) {
      session.log.error('A prediction failed', error);
      return nothing('The prediction failed: the log says why.');
    }
  });
}

const nothing = (message: string): WhatIfAnswer => ({ steps: [], message });

function isQuestion(params: unknown): params is WhatIfParams {
  const { dockerfile, change } = (params ?? {}) as { dockerfile?: unknown; change?: unknown };
  if (typeof dockerfile !== 'string' || typeof change !== 'object' || change === null) return false;
  const [what] = [...('file' in change ? [change.file] : []), ...('argument' in change ? [change.argument] : [])];
  return typeof what === 'string' && what !== '';
}

async function answer(session: Session, { dockerfile, change }: WhatIfParams): Promise<WhatIfAnswer> {
  const config: Config = { ...(await session.settings.load(dockerfile)), history: false };
  const look = await session.host.look(dockerfile, config);
  const text = session.documents.get(dockerfile)?.getText() ?? look?.text;
  if (text === undefined) return nothing('The Dockerfile cannot be read here.');
  const { buildArgs: args, target, builder } = config;
  const input: BuildInput = { text, context: look?.context, args, target, builder };
  if ('argument' in change) return told(input, { args: { [change.argument]: 'another value' } });
  if (!look) return nothing('The build context cannot be read here.');
  const file = await changedFile(session, look.context, change.file);
  return file
    ? told(input, file)
    : nothing('The file does not reach the builder: it is ignored, or not in the build context.');
}

const told = (input: BuildInput, change: BuildChange): WhatIfAnswer => ({
  steps: whatIf(input, change).steps.filter(({ outcome }) => outcome !== 'cached'),
  message: null,
});

/**
 * Who edits a symlink edits what it leads to; the link itself stays as it is.
 * A file that a large context has no room for is there all the same, unless it is ignored.
 */
async function changedFile({ host }: Session, context: ContextSnapshot, uri: string): Promise<BuildChange | undefined> {
  const paths = await host.pathsIn(context.root, uri);
  const path = paths.find((each) => each === '' || (context.get(each)?.type ?? 'symlink') !== 'symlink');
  if (path !== undefined) return { changed: [path] };
  const isLink = paths.some((each) => context.get(each));
  return context.truncated && !isLink && paths.length > 0 ? { added: paths.slice(-1) } : undefined;
}
