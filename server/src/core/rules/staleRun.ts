import type { Step } from '../build/graph.ts';
import { isCacheBuster } from '../cache/volatile.ts';
import { isSkipped } from '../fixes/branches.ts';
import { callsOf } from '../managers/calls.ts';
import type { Call } from '../managers/manager.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Span } from '../syntax/span.ts';

/** A command whose result depends on when it runs. */
interface Moving {
  readonly span: Span;
  /** "The packages are upgraded once," … */
  readonly what: string;
  readonly advice: string;
}

const valuesOf = ({ args }: Call): string[] => args.map(({ value }) => value ?? '');
const verbOf = (call: Call): string => valuesOf(call).find((word) => word !== '' && !word.startsWith('-')) ?? '';
/** Words behind the verb that are no options; a word that is not known is ''. */
const operandsOf = (call: Call): string[] => {
  const verb = verbOf(call);
  const words = valuesOf(call);
  return words.slice(words.indexOf(verb) + 1).filter((word) => !word.startsWith('-'));
};

const upgrades: Readonly<Record<string, RegExp>> = {
  'apt-get': /^(upgrade|dist-upgrade|full-upgrade)$/,
  apt: /^(upgrade|full-upgrade)$/,
  apk: /^upgrade$/,
  dnf: /^(upgrade|update)$/,
  microdnf: /^(upgrade|update)$/,
  yum: /^(upgrade|update)$/,
  zypper: /^(up|update|dup|dist-upgrade)$/,
};

function upgrade(call: Call): Moving | undefined {
  const known = Object.hasOwn(upgrades, call.program) ? upgrades[call.program] : undefined;
  if (!known?.test(verbOf(call)) || operandsOf(call).length > 0) return undefined;
  return {
    span: call.command.span,
    what: 'The packages are upgraded once',
    advice:
      'For newer packages start from a newer base image, or build the stage anew from time to time with --no-cache-filter.',
  };
}

const branch = /^(main|master|trunk|develop|development|dev|head|latest|stable|nightly|edge)$/i;

/** Whether the stage goes on to choose a commit. */
const choosesCommit = ({ stage, index }: Step): boolean =>
  stage.steps
    .slice(index)
    .some(
      (step) =>
        step.keyword === 'RUN' &&
        callsOf(step).some((call) => call.program === 'git' && /^(checkout|reset|switch|worktree)$/.test(verbOf(call))),
    );

/** `git clone` of whatever a branch holds. A variable in the call is part of the key. */
function clone(call: Call): Moving | undefined {
  const words = valuesOf(call);
  if (call.program !== 'git' || verbOf(call) !== 'clone' || call.args.some(({ text }) => /[$`]/.test(text)))
    return undefined;
  const at = words.findIndex((word) => /^(-b|--branch|--revision)$/.test(word));
  const ref =
    at >= 0 ? words[at + 1] : words.find((word) => /^--(branch|revision)=/.test(word))?.replace(/^[^=]*=/, '');
  const isFixed = ref !== undefined && !branch.test(ref);
  if (isFixed || !words.some((word) => /^(https?:|git@|ssh:|git:)/.test(word)) || choosesCommit(call.step))
    return undefined;
  return {
    span: call.command.span,
    what: `What ${ref ? `the branch ${ref}` : 'the default branch'} holds is cloned once`,
    advice: 'Name a tag, or ADD the repository: the commit is then part of the cache key.',
  };
}

const movingUrl =
  /^https?:\/\/\S*(\/latest(\/|$)|raw\.githubusercontent\.com\/[^/]+\/[^/]+\/(refs\/heads\/|(main|master|HEAD)\/)|\/(archive|zipball|tarball)\/(refs\/heads\/|(main|master|HEAD)\b)|\/raw\/(main|master|HEAD)\/)/;

/** Scripts that install the newest version of a tool, and how they are told another one. */
const installers =
  /^https?:\/\/(www\.)?(sh\.rustup\.rs|install\.python-poetry\.org|astral\.sh\/uv\/install\.sh|bun\.sh\/install|deno\.land(\/x\/install)?\/install\.sh|get\.pnpm\.io\/install\.sh)\/?$/;
const chosenInText =
  /\d\.\d+\.|nightly-\d|(--default-toolchain|--version)[= ]+(?!["']?(stable|beta|nightly)\b)|(VERSION|TOOLCHAIN)\b/;
const chosenByName = /^(RUST|RUSTUP|POETRY|UV|BUN|DENO|PNPM)_(\w+_)?(VERSION|TOOLCHAIN)$/;

/** `curl https://sh.rustup.rs | sh`. A file `rust-toolchain` in the context names the version that is used in the end. */
function installer({ program, args, step }: Call, { context }: RuleContext['facts']): Moving | undefined {
  const url = args.find(({ value }) => installers.test(value ?? ''));
  if ((program !== 'curl' && program !== 'wget') || !url) return undefined;
  const { rest, heredocs } = step.instruction;
  const isChosen =
    [rest.text, ...heredocs.map(({ body }) => body)].some((text) => chosenInText.test(text)) ||
    step.environment.variables.some(({ name }) => chosenByName.test(name));
  const isInContext = ['rust-toolchain', 'rust-toolchain.toml'].some((name) => context?.get(name));
  if (isChosen || (isInContext && url.text.includes('rustup'))) return undefined;
  return {
    span: url.span,
    what: 'The newest version is installed once',
    advice: 'Tell the script a version.',
  };
}

function download(call: Call): Moving | undefined {
  if (call.program !== 'curl' && call.program !== 'wget') return undefined;
  const url = call.args.find(({ value, text }) => movingUrl.test(value ?? text.replace(/["']/g, '')));
  if (!url) return undefined;
  return {
    span: url.span,
    what: 'What lies at this address today is fetched once',
    advice: 'Name a version, or ADD the file: its content is then part of the cache key.',
  };
}

const isGlobal = (words: readonly string[]): boolean =>
  words.some((word) => /^(-g|--global|--location=global)$/.test(word)) || words[0] === 'global';

/** `npm i -g tool`, `tool@latest`; paths, archives and tools with a version are somebody's choice. */
const isFloating = (word: string): boolean =>
  /^(@[\w.-]+\/)?[\w.-]+(@(latest|next))?$/.test(word) && !/\.(tgz|gz)$/.test(word);

function tool(call: Call): Moving | undefined {
  const words = valuesOf(call);
  const found = (): string | undefined => {
    if (call.program === 'go' && words[0] === 'install')
      return words.find((word) => /@(latest|main|master|HEAD)$/.test(word));
    if (
      !/^(npm|pnpm|yarn|bun)$/.test(call.program) ||
      !isGlobal(words) ||
      !/^(i|in|install|add|global)$/.test(verbOf(call))
    )
      return undefined;
    return operandsOf(call).find((word) => word !== 'add' && isFloating(word));
  };
  const name = found();
  if (name === undefined) return undefined;
  return {
    span: call.command.span,
    what: `${name} is installed once, in the version that is the newest then`,
    advice: 'Name a version.',
  };
}

const movingIn = (step: Step, facts: RuleContext['facts']): Moving[] =>
  callsOf(step).flatMap((call) =>
    isSkipped(call, facts.context)
      ? []
      : (upgrade(call) ?? clone(call) ?? download(call) ?? installer(call, facts) ?? tool(call) ?? []),
  );

/** An argument, or a file fetched just before, that somebody uses to run the step again on purpose. */
function isRefreshed({ stage, index, environment }: Step): boolean {
  const names = environment.variables.filter(({ origin }) => origin !== 'image').map(({ name }) => name);
  const declared = stage.steps
    .slice(0, index)
    .flatMap(({ instruction }) => instruction.properties.map(({ name }) => name));
  const busts = [...names, ...declared].some(isCacheBuster);
  return busts || stage.steps.slice(0, index).some(({ copy }) => (copy?.urls.length ?? 0) > 0);
}

function report(step: Step, facts: RuleContext['facts']): Report | undefined {
  const [first, ...others] = movingIn(step, facts);
  if (!first || isRefreshed(step)) return undefined;
  return {
    span: first.span,
    message: `${first.what}, and BuildKit reuses the layer as long as the text of the RUN and what is before it stay the same: this image keeps the old state, and another builder gets another. ${first.advice}`,
    related: others.map(({ span }) => ({ span, message: 'The same here.' })),
  };
}

export const staleRun: Rule = {
  id: 'stale-run',
  severity: 'information',
  category: 'layers',
  hadolint: ['DL3005', 'DL3016', 'DL3017', 'DL3031', 'DL3035', 'DL3062'],
  docs: {
    summary: 'A RUN whose result depends on when it runs is frozen by the cache',
    why: `\`RUN\` is cached by its text and what is before it, never by what it fetches. \`apt-get upgrade\`, \`git clone\` of a branch, a download from \`…/latest/…\`, \`npm install -g tool\`, \`curl https://sh.rustup.rs | sh\` and \`go install tool@latest\` give the
newest state once; from then on the layer is reused, however old it gets, until a line above changes. On a builder without that layer the same Dockerfile gives something else.

There is one finding for each \`RUN\`, and none where an argument such as \`CACHEBUST\`, or an \`ADD\` of a URL above, makes it run again on purpose.`,
    fix: 'None: which version is wanted cannot be known from the text. `ADD https://github.com/owner/repository.git#v1.2.3` and `ADD --checksum=…` put what they fetch into the cache key.',
    ignore: 'When the stage is built without the cache anyway, for example on a schedule.',
    bad: { dockerfile: 'FROM golang:1.25\nRUN git clone --depth 1 https://github.com/example/tool.git /src\n' },
    good: {
      dockerfile:
        'FROM golang:1.25\nRUN git clone --depth 1 --branch v1.4.2 https://github.com/example/tool.git /src\n',
    },
    references: [
      'https://docs.docker.com/build/cache/invalidation/#run-instructions',
      'https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository',
    ],
  },
  *checkStage({ facts }, stage) {
    for (const step of stage.steps) {
      const found = step.keyword === 'RUN' && !step.fromOnbuild ? report(step, facts) : undefined;
      if (found) yield found;
    }
  },
};
