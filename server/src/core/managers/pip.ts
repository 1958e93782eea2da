import type { ShellWord } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { variableDefeater } from './environment.ts';
import { inHome, movedBy, place } from './locations.ts';
import type { Action, CacheLocation, Call, Defeater, InstallInputs, Manager } from './manager.ts';
import { dirname, resolve } from './paths.ts';
import { collectLinks, collectRequirements, collectSource, type PipRun } from './python/requirements.ts';

const options = syntax(
  `-r --requirement -c --constraint -e --editable -t --target --platform --python-version --implementation --abi --root --prefix --src
  --upgrade-strategy --global-option --config-settings -C --build-option --no-binary --only-binary --progress-bar --root-user-action --report
  --python --log --proxy --retries --timeout --exists-action --trusted-host --cert --client-cert --cache-dir --use-feature --use-deprecated
  --resume-retries -i --index-url --extra-index-url -f --find-links -d --dest -w --wheel-dir -b --build --group`,
  true,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

const isSync = ({ program }: Call): boolean => program === 'pip-sync';

/** What pip itself and its build tools are called: upgrading them is set-up, whatever the project. */
const ownTools = /^(pip|setuptools|wheel|build|pip-tools|virtualenv|pipenv|poetry|uv|pdm|hatch|tox|nox)([=<>~![].*)?$/;

/** Packages of the command line; those of files come from options. */
const packages = (call: Call, args: Arguments): readonly ShellWord[] => (isSync(call) ? [] : args.operands.slice(1));

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  if (isSync(call)) return 'install';
  if (args.subcommand === 'cache') return /^(purge|remove)$/.test(args.operands[1]?.value ?? '') ? 'clean' : undefined;
  if (args.subcommand === 'download' || args.subcommand === 'wheel') return 'fetch';
  if (args.subcommand !== 'install') return undefined;
  const named = packages(call, args);
  const files = args.find('-r', '--requirement', '-e', '--editable', '--group');
  return !files && named.length > 0 && named.every(({ value }) => value !== undefined && ownTools.test(value))
    ? 'self'
    : 'install';
}

/** `/wheels/*`: what another stage has built or downloaded, dependencies included. The wheel in `dist` brings none. */
const isWheelFolder = ({ text }: ShellWord): boolean => /wheel[\w-]*\/\*(\.whl)?["']?$/.test(text);

/** `--no-index --find-links /wheels`: nothing is downloaded, so that nothing is cached. */
function takesLocalOnly(call: Call): boolean {
  const args = argsOf(call);
  const named = packages(call, args);
  if (
    named.length > 0 &&
    named.every(isWheelFolder) &&
    !args.find('-r', '--requirement', '-e', '--editable', '--group')
  )
    return true;
  const links = args.all('-f', '--find-links').map(({ value }) => value);
  return (
    args.has('--no-index') && links.length > 0 && links.every((value) => value !== undefined && !value.includes('://'))
  );
}

/** Source: pip.pypa.io, "Caching"; the environment's names from "Configuration". */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'A', sharing: 'shared' } as const;
  if (takesLocalOnly(call)) return [];
  const option = argsOf(call).find('--cache-dir');
  if (option) return [place(call, option.value, kind)];
  return [
    movedBy(
      call,
      [
        ['PIP_CACHE_DIR', ''],
        ['XDG_CACHE_HOME', '/pip'],
      ],
      kind,
    ) ?? inHome(call, '.cache/pip', kind),
  ];
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  // pip takes abbreviations of its options.
  const flags = argsOf(call)
    .all('--no-cache-dir', '--no-cache')
    .map(({ span, word }): Defeater => ({ span, what: word.text, kind: 'words' }));
  // Any value switches the cache off, `0` and `false` too (pip's cmdoptions.py, _handle_no_cache_dir); an empty one does not count.
  return [...flags, ...variableDefeater(call, 'PIP_NO_CACHE_DIR', (value) => value !== '')];
}

/** Words that name files: requirements, constraints, folders of wheels, packages that are paths. */
function fileWords(call: Call, args: Arguments): string[] {
  const files = args
    .all('-r', '--requirement', '-c', '--constraint', '-e', '--editable', '-f', '--find-links')
    .map(({ value }) => value);
  const named = isSync(call) ? args.operands : packages(call, args).filter(({ text }) => /^[./]/.test(text));
  return [...files, ...named.map(({ value }) => value)].filter((value) => value !== undefined);
}

/** `pip install -r /app/requirements.txt` works on /app wherever it runs. */
function directory(call: Call): string | undefined {
  const files = fileWords(call, argsOf(call));
  const [first] = files;
  const allAbsolute = files.every((file) => file.startsWith('/') && !file.startsWith('/dev/'));
  if (!first || !allAbsolute) return call.shellCwd;
  return /\.[a-z]+$/i.test(first) ? dirname(first) : resolve(first, '');
}

function inputs(call: Call, folder: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const run: PipRun = { collect, call, directory: folder, seen: new Set() };
  for (const { name, value, span, word } of args.options) {
    const last = call.args.find((each) => each.span.end === span.end) ?? word;
    collectOption(run, name, value ?? pathWithExtras.exec(last.text)?.[0], last);
  }
  const constraint = variableOf(call, 'PIP_CONSTRAINT');
  if (constraint) collectRequirements(run, constraint);
  const files = isSync(call)
    ? args.operands.length > 0
      ? args.operands.map(({ value, text }) => value ?? text)
      : ['requirements.txt']
    : [];
  for (const file of files) collectRequirements(run, file);
  for (const { value, text } of packages(call, args)) {
    if (value !== undefined || pathWithExtras.test(text)) collectSource(run, value ?? text, 'pip');
    else if (!nameWithExtras.test(text)) collect.obstacle(`What pip installs as ${text} is not known.`);
  }
  return collect.result();
}

/** `black[colorama]==24`: to the shell a pattern, to pip a name, as nothing matches it. Versions may come from variables. */
const nameWithExtras = /^["']?[A-Za-z][\w.-]*(\[[\w.,\s-]+\])?([=<>~!]=?.*)?["']?$/s;

/** `.[dev,test]`, likewise. */
const pathWithExtras = /^\.[\w./-]*\[[\w.,-]+\]$/;

function collectOption(run: PipRun, name: string, value: string | undefined, word: ShellWord): void {
  const isFile = /^(-r|--requirement|-c|--constraint|-e|--editable|-f|--find-links)$/.test(name);
  if (name === '--group') run.collect.required(resolve(run.directory, 'pyproject.toml'), 'pip');
  else if (!isFile) return;
  else if (value === undefined) run.collect.obstacle(`What pip reads as ${word.text} is not known.`);
  else if (name === '-e' || name === '--editable') collectSource(run, value, 'pip');
  else if (name === '-f' || name === '--find-links') collectLinks(run, value);
  else collectRequirements(run, value);
}

export const pip: Manager = {
  id: 'pip',
  title: 'pip',
  programs: ['pip', 'pip3', 'pip-sync'],
  action,
  caches,
  defeaters,
  kept: ['~/.cache/pip', '/root/.cache/pip', '~/.cache'],
  directory,
  inputs: (call, folder, context) =>
    remembered(call, folder, context, [variableOf(call, 'PIP_CONSTRAINT') ?? ''], () => inputs(call, folder, context)),
  manifests: ['*.txt', '*.in', 'pyproject.toml'],
};
