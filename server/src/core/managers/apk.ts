import { type Arguments, parseArgs, syntax, wordBefore } from './args.ts';
import { commandDefeater } from './defeaters.ts';
import type { Action, CacheLocation, Call, Companion, Defeater, Manager } from './manager.ts';
import { fileOperand } from './operands.ts';

const options = syntax(
  '-t --virtual -X --repository -p --root --arch --keys-dir --repositories-file --cache-dir --cache-max-age --wait --timeout --progress-fd -o --output',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

const actions: Readonly<Record<string, Action>> = {
  add: 'install',
  upgrade: 'install',
  fix: 'install',
  fetch: 'fetch',
  update: 'index',
};

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  if (subcommand === 'cache') return /^(clean|purge)$/.test(operands[1]?.value ?? '') ? 'clean' : undefined;
  return Object.hasOwn(actions, subcommand) ? actions[subcommand] : undefined;
}

/** Packages are kept only where this folder exists: /var/cache/apk alone gets the indexes (apk-tools, src/database.c). */
const locations: readonly CacheLocation[] = [{ path: '/etc/apk/cache', class: 'A', sharing: 'locked' }];

const noCache = (args: Arguments) => args.find('--no-cache');

/** Whether an earlier call of the RUN has looked at the index, or is told to. */
const isRepeated = ({ step, command }: Call): boolean =>
  (step.script?.commands ?? []).some(
    ({ words, span }) =>
      span.start < command.span.start &&
      words.some(({ value }) => value === 'apk') &&
      words.some(({ value }) => /^(update|add|upgrade)$/.test(value ?? '')),
  );

/**
 * The index that the mount keeps is believed for four hours (apk-tools, src/context.c), while mirrors drop the packages it names at once. Without a
 * mount, and with `--no-cache`, each call fetches it.
 */
function companions(call: Call): Companion[] {
  const args = argsOf(call);
  const flag = noCache(args);
  if (action(call) !== 'install' || args.has('-U', '--update-cache', '--update') || (!flag && isRepeated(call)))
    return [];
  const isFirst = flag?.word.span.start === call.args[0]?.span.start;
  // Not where the flag is taken out: two edits at one place.
  const at = isFirst ? args.operands[0]?.span.end : wordBefore(call).span.end;
  if (at === undefined) return [];
  const why = 'The package index of the mount may be four hours old, and name packages that are gone.';
  return [{ kind: 'words', text: ' --update-cache', at, why }];
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  const flag = noCache(argsOf(call));
  return flag ? [{ span: flag.span, what: '--no-cache', kind: 'words' }] : [];
}

/** System packages of Alpine. */
export const apk: Manager = {
  id: 'apk',
  title: 'apk',
  programs: ['apk'],
  action,
  caches: () => locations,
  defeaters,
  companions,
  kept: ['/etc/apk/cache', '/var/cache/apk'],
  packages: (call) => argsOf(call).operands.slice(1),
  obstacle: (call) => fileOperand(call, argsOf(call).operands.slice(1)),
  manifests: [],
};
