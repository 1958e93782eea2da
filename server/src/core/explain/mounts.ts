import type { Analysis } from '../analyze.ts';
import type { Mount, Step } from '../build/graph.ts';
import type { Builder } from '../cache/model.ts';
import { within } from '../cache/placement.ts';
import type { Explanation } from '../explain.ts';
import { defeatsOf, unkept } from '../fixes/mountDefeats.ts';
import { cachesOf } from '../fixes/mountUse.ts';
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
      return cachePoints(step, mount, facts, builder);
    case 'bind':
      return [
        `The content${builder === 'buildah' ? ', times' : ''}${mount.from && builder !== 'docker-20.10' ? ', owner' : ''} and mode of ${read(mount)} are part of this RUN's key${builder === 'buildah' ? '' : "; file times and the source's name are not"}.`,
        mount.readOnly ? 'The RUN cannot write there.' : 'What the RUN writes there is thrown away.',
      ];
    case 'secret':
      return [
        'Its value never enters the key: a new secret runs nothing again. What the flag says of it does: id, target, `env`, `required`, mode and owner.',
        'It is in no layer, unless the RUN writes it to one.',
      ];
    case 'ssh':
      return [
        'The agent and its keys never enter the key: other ones run nothing again. What the flag says does: id, target, `required`, mode and owner.',
      ];
    case 'tmpfs':
      return ['Its target and `size` are part of the key. What the RUN writes there is thrown away.'];
  }
}

/** "`/src` in `build`": what a mount starts from. */
const read = ({ source, from }: Mount): string =>
  `${source && !isAll(source) ? code(source) : 'everything'} in ${from ? code(from) : 'the build context'}`;

function cachePoints(step: Step, mount: Mount, { context }: Facts, builder: Builder): string[] {
  const [lacking] = [...unkept(context, step)].filter((each) => each.mount.mount === mount);
  const kept = lacking
    ? [`${lacking.companion.why} So this mount keeps no packages.`]
    : keepers(step, mount.target, context);
  const defeated = invocationsOf(step).flatMap((invocation) =>
    defeatsOf(context, step, invocation)
      .filter(({ mounts }) => mounts.some((other) => other.mount === mount))
      .map(({ defeater }) => code(defeater.what)),
  );
  return [
    ...(kept.length > 0 ? kept : ['What the RUN leaves here is there again when the RUN is executed the next time.']),
    ...(mount.from ? [`It starts as ${read(mount)}, whose content is part of the key.`] : []),
    `What ${mount.from ? 'is written to it' : 'it holds'} is in no layer and never enters the key; the target, \`mode\`, \`uid\`, \`gid\` and \`readonly\` do. ${builder === 'docker-20.10' ? 'So do `id` and `sharing`.' : 'Adding the mount, or the first `id` or `sharing` other than the default, runs this step once.'}`,
    `\`sharing=${mount.sharing}\`: ${sharing[mount.sharing]}.`,
    ...(defeated.length > 0
      ? [
          `Defeated in this RUN by ${listing([...new Set(defeated)])}: what it should keep never gets there, or is gone at the end.`,
        ]
      : []),
    'It lives on the builder: a fresh CI runner starts with an empty one.',
  ];
}

const sharing: Record<Mount['sharing'], string> = {
  shared: 'builds that run at the same time all use it',
  private: 'builds that run at the same time each get one of their own',
  locked: 'builds that run at the same time wait for each other',
};

/** What package managers keep in a folder: what they download, or what they compile. */
function keepers(step: Step, target: string | undefined, context: ContextSnapshot | undefined): string[] {
  const places = invocationsOf(step).flatMap((invocation) =>
    cachesOf(invocation, context)
      .filter(({ path }) => target !== undefined && path !== undefined && within(target, path) !== undefined)
      .map((place) => ({ title: invocation.manager.title, isBuilt: place.compiled === true || place.class === 'C' })),
  );
  const titles = (built: boolean) => [
    ...new Set(places.filter(({ isBuilt }) => isBuilt === built).map(({ title }) => title)),
  ];
  const [fetchers, builders] = [titles(false), titles(true)];
  const verb = (names: readonly string[]) => (names.length === 1 ? 'keeps' : 'keep');
  return [
    ...(fetchers.length > 0
      ? [
          `${listing(fetchers)} ${verb(fetchers)} downloads here, so that a run after a cache miss fetches only what is new.`,
        ]
      : []),
    ...(builders.length > 0
      ? [
          `${listing(builders)} ${verb(builders)} compiled code here, so that a run after a cache miss compiles only what changed.`,
        ]
      : []),
  ];
}
