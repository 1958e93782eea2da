import type { Analysis } from '../analyze.ts';
import type { Mount, Step } from '../build/graph.ts';
import type { Builder } from '../cache/model.ts';
import type { Explanation } from '../explain.ts';
import { cachesOf } from '../fixes/mountUse.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { code, listing } from '../prose.ts';
import type { ContextSnapshot, Facts } from '../workspace.ts';
import { isAll } from './inputs.ts';

const kinds: Record<Mount['type'], string> = {
  cache: 'a directory that BuildKit keeps between builds',
  bind: 'files of the build context, a stage or an image, without copying them into the layer',
  tmpfs: 'an empty directory in memory',
  secret: 'a secret for the length of this RUN',
  ssh: 'an SSH agent for the length of this RUN',
};

/** What one `--mount` does to the step's cache key, what it keeps and what defeats it. */
export function explainMount({ facts, model }: Analysis, step: Step, mount: Mount): Explanation {
  return {
    span: mount.flag.span,
    title: `**--mount=type=${mount.type}**${mount.target ? ` at ${code(mount.target)}` : ''}: ${kinds[mount.type]}.`,
    sections: [{ heading: '**For the cache**', items: points(step, mount, facts, model.builder) }],
  };
}

function points(step: Step, mount: Mount, facts: Facts, builder: Builder): string[] {
  switch (mount.type) {
    case 'cache':
      return cachePoints(step, mount, facts);
    case 'bind':
      return [
        `The content${builder === 'buildah' ? ', times' : ''} and mode of ${mount.source && !isAll(mount.source) ? code(mount.source) : 'everything'} in ${mount.from ? code(mount.from) : 'the build context'} ${builder === 'buildah' ? "are part of this RUN's key." : "are part of this RUN's key; file times and the source's name are not."}`,
        mount.readOnly ? 'The RUN cannot write there.' : 'What the RUN writes there is thrown away.',
      ];
    case 'secret':
      return [
        'Its value never enters the key: a new secret runs nothing again. Its id, target and `required` do.',
        'It is in no layer.',
      ];
    case 'ssh':
      return [
        'The agent and its keys never enter the key: other ones run nothing again. The id, target and `required` do.',
      ];
    case 'tmpfs':
      return ['Its target and `size` are part of the key. What the RUN writes there is thrown away.'];
  }
}

function cachePoints(step: Step, mount: Mount, { context }: Facts): string[] {
  const kept = keepers(step, mount.target, context);
  const defeated = invocationsOf(step).flatMap((invocation) => defeatersOf(invocation).map(({ what }) => code(what)));
  return [
    kept.length > 0
      ? `${listing(kept)} ${kept.length === 1 ? 'keeps' : 'keep'} downloads here, so that a run after a cache miss fetches only what is new.`
      : 'What the RUN leaves here is there again when the RUN is executed the next time.',
    'Its content is in no layer and never enters the key; the target, `mode`, `uid`, `gid` and `readonly` do, and adding the mount runs this step once.',
    `\`sharing=${mount.sharing}\`: ${sharing[mount.sharing]}.`,
    ...(defeated.length > 0 ? [`Defeated in this RUN by ${listing(defeated)}: the directory stays empty.`] : []),
    'It lives on the builder: a fresh CI runner starts with an empty one.',
  ];
}

const sharing: Record<Mount['sharing'], string> = {
  shared: 'builds that run at the same time all use it',
  private: 'builds that run at the same time each get one of their own',
  locked: 'builds that run at the same time wait for each other',
};

const keepers = (step: Step, target: string | undefined, context: ContextSnapshot | undefined): string[] => [
  ...new Set(
    invocationsOf(step)
      .filter(
        (invocation) =>
          target !== undefined &&
          cachesOf(invocation, context).some(({ path }) => path !== undefined && within(path, target)),
      )
      .map(({ manager }) => manager.title),
  ),
];

const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
