import type { Step } from '../build/graph.ts';
import { invocationsByCommand } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import { mentions } from './mentions.ts';

/**
 * Whether a step reads a variable. `reads`: its text does. `may`: it starts something that could read it from the environment.
 * `unlikely`: only dependencies' own install scripts could. `never`: nothing in it does.
 */
export type EnvironmentUse = 'reads' | 'may' | 'unlikely' | 'never';

/** Programs that read no variable of a user's making from their environment. */
const closed = new Set(
  `: [ a2dismod a2dissite a2enconf a2enmod a2ensite add-apt-repository addgroup adduser arch awk b2sum basename bunzip2 bzip2 cat cd chgrp chmod
  chown chpasswd chsh cmp cp curl cut date delgroup deluser diff dirname dos2unix dpkg dpkg-query dpkg-reconfigure echo exit export expr false
  fc-cache file find getcap getent git gpg grep groupadd groupdel groupmod gunzip gzip head hostname id install ldconfig ldd ln localedef locale-gen ls
  md5sum mkdir mktemp mv nproc passwd popd printf pushd pwd readlink realpath rm rmdir rpm sed set setcap setfacl sha1sum sha224sum sha256sum
  sha384sum sha512sum shopt sleep sort stat strip sync tail tar tee test touch tr true umask uname uniq unset unxz unzip update-alternatives
  update-ca-certificates update-locale useradd userdel usermod wc wget which whoami xz yes zcat zip zstd`.split(/\s+/),
);

/** Programs that fetch and compile what they are told, as other installs do. */
const installers =
  /^(docker-php-ext-(configure|enable|install)|install-php-extensions|pecl|pear|corepack|rustup|apt-key)$/;

/** Variables that package managers, compilers, shells and the tools they start look up themselves. */
const toolVariable =
  /^(CI|HOME|PATH|SHELL|USER|LANG|LANGUAGE|TERM|TZ|TMPDIR|CC|CXX|AR|LD|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|MAKEFLAGS|DESTDIR|PREFIX|SOURCE_DATE_EPOCH|CONDA_.*|MAMBA_.*|LC_.*|.*_PROXY|DEBIAN_.*|DEBCONF_.*|APT_.*|NODE_.*|NPM_.*|YARN_.*|PNPM_.*|COREPACK_.*|BUN_.*|DENO_.*|PIP_.*|PYTHON.*|UV_.*|POETRY_.*|PIPENV_.*|PDM_.*|VIRTUAL_ENV|GO[A-Z0-9]*|CGO_.*|CARGO_.*|RUST.*|MAVEN_.*|JAVA_.*|JDK_.*|GRADLE_.*|DOTNET_.*|NUGET_.*|MSBUILD.*|BUNDLE_.*|GEM_.*|RUBY.*|RAILS_ENV|COMPOSER_.*|PHP_.*|HEX_.*|MIX_.*|ELIXIR_.*|GIT_(DIR|SSH|SSH_COMMAND|ASKPASS|CONFIG.*|AUTHOR.*|COMMITTER.*|TERMINAL_PROMPT|TRACE.*)|SSH_.*|SSL_.*|CURL_.*|REQUESTS_.*|LD_.*|PKG_CONFIG.*|CMAKE_.*|CCACHE_.*|SCCACHE_.*|ELECTRON_.*|PUPPETEER_.*|PLAYWRIGHT_.*|CYPRESS_.*|PRISMA_.*|SENTRY.*|HUSKY.*|SKIP_.*|.*_(REGISTRY|MIRROR|INDEX_URL|TOKEN|SECRET|PASSWORD|API_KEY))$/i;

/** Whether tools look this variable up by themselves, so that no text needs to name it. */
export const isToolVariable = (name: string): boolean => toolVariable.test(name);

export { mentions };

const writtenText = (step: Step): string =>
  [
    ...step.instruction.flags.map((flag) => flag.value ?? ''),
    step.instruction.rest.text,
    ...step.instruction.heredocs.map((heredoc) => heredoc.body),
  ].join('\n');

const isWindowsShell = /\b(cmd|powershell|pwsh)\b/i;

/** As `%NAME%` of cmd, or PowerShell's `$env:NAME`: neither minds the case of names. */
const mentionsInWindows = (text: string, name: string): boolean =>
  /%|env:/i.test(text) &&
  [...text.matchAll(/%(\w+)(?=[%:])|\benv:(\w+)/gi)].some(
    ([, cmd, powershell]) => (cmd ?? powershell)?.toLowerCase() === name.toLowerCase(),
  );

const targetName = /^TARGET(PLATFORM|OS|ARCH|VARIANT|PAIR)$/;

/** The helpers of tonistiigi/xx look up what is built. */
const callsXx = ({ words }: ShellCommand): boolean => words.some(({ text }) => /(^|[/(])xx-[a-z]/.test(text));

/** How a step uses the variable `name`, as far as its text and the known tools tell. */
export function environmentUse(step: Step, name: string): EnvironmentUse {
  const text = writtenText(step);
  if (mentions(text, name)) return 'reads';
  if (step.instruction.properties.some((property) => property.name === name)) return 'reads';
  if (step.keyword !== 'RUN') return step.keyword === 'ONBUILD' ? 'may' : 'never';
  if (mentionsInWindows(text, name) && isWindowsShell.test(`${step.shell.join(' ')} ${text}`)) return 'reads';
  const script = step.script;
  if (!script?.complete) return 'may';
  if (script.variables.has(name) || (targetName.test(name) && script.commands.some(callsXx))) return 'reads';
  const invocations = invocationsByCommand(step);
  if (invocations.size > 0 && isToolVariable(name)) return 'may';
  return strongest(script.commands.map((command) => commandUse(command, invocations.get(command), name)));
}

const order: readonly EnvironmentUse[] = ['never', 'unlikely', 'may', 'reads'];

const strongest = (uses: readonly EnvironmentUse[]): EnvironmentUse =>
  order[Math.max(0, ...uses.map((use) => order.indexOf(use)))] ?? 'may';

function commandUse(
  { words: [first, second] }: ShellCommand,
  invocation: Invocation | undefined,
  variable: string,
): EnvironmentUse {
  if (invocation) return invocationUse(invocation);
  if (!first) return 'never';
  const program = baseName(first.value ?? '');
  // `rustup run` starts another program.
  if (installers.test(program) && second?.value !== 'run' && !isToolVariable(variable)) return 'unlikely';
  return first.value !== undefined && closed.has(program) ? 'never' : 'may';
}

/** System package managers read nothing of the project; other installs run the scripts of what they install; a build runs anything. */
function invocationUse({ manager, action }: Invocation): EnvironmentUse {
  if (action === 'clean' || manager.inputs === undefined) return 'never';
  return action === 'build' || action === 'consume' ? 'may' : 'unlikely';
}
