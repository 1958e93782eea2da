import assert from 'node:assert/strict';
import { applyEdits } from '../../../server/src/core/fixes.ts';
import { defeatersOf } from '../../../server/src/core/managers/defeaters.ts';
import { removalOf } from '../../../server/src/core/managers/removal.ts';
import { invocationsIn } from './support.ts';

const wrap = (run: string): string => (/^FROM /.test(run) ? run : `FROM debian:12\nRUN ${run}\n`);

/** All defeaters of a Dockerfile, as the document has them. */
function found(run: string): string[] {
  const text = wrap(run);
  return invocationsIn(text).flatMap((invocation) =>
    defeatersOf(invocation).map(({ span, kind }) => `${kind} ${text.slice(span.start, span.end)}`),
  );
}

/** The RUN after all that defeats a cache is taken out; the refusals where something cannot be. */
function cleaned(run: string): string {
  const text = wrap(run);
  const removals = invocationsIn(text).flatMap((invocation) =>
    defeatersOf(invocation).map((defeater) => removalOf(text, invocation.call, defeater)),
  );
  const refusals = removals.flatMap((removal) => ('refusal' in removal ? [removal.refusal] : []));
  if (refusals.length > 0) return refusals.join('\n');
  const spans = removals.flatMap((removal) => ('span' in removal ? [removal] : []));
  const after = applyEdits(text, spans);
  return /^FROM /.test(run) ? after : after.slice('FROM debian:12\nRUN '.length, -1);
}

const defeated: Readonly<Record<string, readonly string[]>> = {
  'pip install -r a.txt': [],
  'pip install --no-cache-dir -r a.txt': ['words --no-cache-dir'],
  'pip install --no-cache x': ['words --no-cache'],
  'PIP_NO_CACHE_DIR=1 pip install x': ['words PIP_NO_CACHE_DIR=1'],
  'env PIP_NO_CACHE_DIR=1 pip install x': ['words PIP_NO_CACHE_DIR=1'],
  'PIP_NO_CACHE_DIR= pip install x': [],
  'FROM python\nENV A=1 PIP_NO_CACHE_DIR=off\nRUN pip install x\n': ['variable PIP_NO_CACHE_DIR=off'],
  'pip cache purge': ['command pip cache purge'],
  'npm ci && npm cache clean --force': ['command npm cache clean --force'],
  'npm ci && rm -rf ~/.npm': ['command rm -rf ~/.npm'],
  'npm ci && rm -rf /tmp/x': [],
  'yarn --production && yarn cache clean': ['command yarn cache clean'],
  'pnpm i && pnpm store prune': ['command pnpm store prune'],
  'bun install --no-cache': ['words --no-cache'],
  'poetry install --no-cache': ['words --no-cache'],
  'uv sync --no-cache': ['words --no-cache'],
  'UV_NO_CACHE=1 uv sync': ['words UV_NO_CACHE=1'],
  'UV_NO_CACHE=0 uv sync': [],
  'conda install x && conda clean -afy': ['command conda clean -afy'],
  'apt-get update && apt-get install -y x && apt-get clean && rm -rf /var/lib/apt/lists/*': [
    'command apt-get clean',
    'command rm -rf /var/lib/apt/lists/*',
  ],
  'apt-get update && rm -rf /tmp/* /var/lib/apt/lists/* /var/tmp/*': ['words /var/lib/apt/lists/*'],
  'apk add --no-cache git': ['words --no-cache'],
  'apk add git && rm -rf /var/cache/apk/*': ['command rm -rf /var/cache/apk/*'],
  'dnf install -y git && dnf clean all': ['command dnf clean all'],
  'dnf install -y --setopt=keepcache=0 git': ['words --setopt=keepcache=0'],
  'yum install -y x && rm -rf /var/cache/yum': ['command rm -rf /var/cache/yum'],
  'zypper in x && zypper clean -a': ['command zypper clean -a'],
  'pacman -S x && pacman -Scc --noconfirm': ['command pacman -Scc --noconfirm'],
  'go clean -modcache': ['command go clean -modcache'],
  'gradle build --refresh-dependencies': ['words --refresh-dependencies'],
  'dotnet nuget locals all --clear': ['command dotnet nuget locals all --clear'],
  'composer install --no-cache': ['words --no-cache'],
  'composer clear-cache': ['command composer clear-cache'],
  'ccache -C': ['command ccache -C'],
};

describe('what defeats a cache mount', () => {
  for (const [run, expected] of Object.entries(defeated))
    it(`${run.trim()}: ${expected.join(', ') || 'nothing'}`, () => assert.deepEqual(found(run), expected));
});

const removed: Readonly<Record<string, string | RegExp>> = {
  'pip install --no-cache-dir -r a.txt': 'pip install -r a.txt',
  'pip --no-cache-dir install -r a.txt': 'pip install -r a.txt',
  'pip install -r a.txt --no-cache-dir': 'pip install -r a.txt',
  'pip install \\\n    --no-cache-dir \\\n    -r a.txt': 'pip install \\\n    -r a.txt',
  'pip install \\\n    -r a.txt \\\n    --no-cache-dir': 'pip install \\\n    -r a.txt',
  'pip install \\\n    --no-cache-dir -r a.txt': 'pip install \\\n    -r a.txt',
  'PIP_NO_CACHE_DIR=1 pip install x': 'pip install x',
  'true && PIP_NO_CACHE_DIR=1 pip install x': 'true && pip install x',
  'a && rm -rf ~/.npm': 'a',
  'a && rm -rf ~/.npm && b': 'a && b',
  'rm -rf ~/.npm && b': 'b',
  'a; rm -rf ~/.npm; b': 'a; b',
  'a; rm -rf ~/.npm && b': 'a; b',
  'a \\\n && rm -rf ~/.npm \\\n && b': 'a \\\n && b',
  'a \\\n && rm -rf ~/.npm': 'a',
  'a && \\\n    rm -rf ~/.npm && \\\n    b': 'a && \\\n    b',
  'a && \\\n    rm -rf ~/.npm': 'a',
  'a; rm -rf ~/.npm || true': 'a',
  'a; rm -rf ~/.npm || true; b': 'a; b',
  'rm -rf /tmp/a ~/.npm /tmp/b': 'rm -rf /tmp/a /tmp/b',
  'apt-get update && apt-get install -y x \\\n && apt-get clean \\\n && rm -rf /var/lib/apt/lists/*':
    'apt-get update && apt-get install -y x',
  'FROM a\nRUN <<EOF\nset -e\nnpm ci\nnpm cache clean --force\necho done\nEOF\n':
    'FROM a\nRUN <<EOF\nset -e\nnpm ci\necho done\nEOF\n',
  'FROM a\nRUN <<EOF\nnpm ci\nnpm cache clean --force\nEOF\n': 'FROM a\nRUN <<EOF\nnpm ci\nEOF\n',
  'FROM a\r\nRUN a \\\r\n && rm -rf ~/.npm \\\r\n && b\r\n': 'FROM a\r\nRUN a \\\r\n && b\r\n',
  // Comments and empty lines end no instruction: the break above them would join it with the next one.
  'a \\\n # why\n && rm -rf ~/.npm': 'a',
  'a \\\n\n && rm -rf ~/.npm': 'a',
  'a \\\n # why\n && rm -rf ~/.npm \\\n && b': 'a \\\n && b',
  'a \\\n && rm -rf ~/.npm \\\n # why\n && b': 'a \\\n # why\n && b',
  'apt-get install -y x \\\n # Clean up\n && apt-get clean \\\n && rm -rf /var/lib/apt/lists/*': 'apt-get install -y x',
  'apt-get install -y x \\\n && apt-get clean \\\n # Lists\n && rm -rf /var/lib/apt/lists/*': 'apt-get install -y x',
  'pip install x \\\n # why\n --no-cache-dir': 'pip install x',
  'a \\\n # b \\\n && rm -rf ~/.npm': 'a\n# b \\',
  'a \\\n # b \\\n && rm -rf ~/.npm \\\n && c': /do it by hand/,
  'FROM a\r\nRUN a \\\r\n # why\r\n && rm -rf ~/.npm\r\nRUN b\r\n': 'FROM a\r\nRUN a\r\nRUN b\r\n',
  // Not provably the same script without it.
  'rm -rf ~/.npm': /remove the RUN/,
  'a && rm -rf ~/.npm; b': /do it by hand/,
  'a || rm -rf ~/.npm': /do it by hand/,
  'a && rm -rf ~/.npm || true': /do it by hand/,
  'a && rm -rf ~/.npm || b': /do it by hand/,
  'a && rm -rf ~/.npm | b': /do it by hand/,
  'if a; then rm -rf ~/.npm; fi': /do it by hand/,
  '(a && rm -rf ~/.npm)': /do it by hand/,
  'a && rm -rf ~/.npm && (b)': /do it by hand/,
  "sh -c 'a && rm -rf ~/.npm'": /do it by hand/,
  'FROM a\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x\n': /by hand/,
  'FROM a\nRUN ["pip", "install", "--no-cache-dir", "x"]\n': /JSON array/,
};

describe('taking out what defeats a cache mount', () => {
  for (const [run, expected] of Object.entries(removed))
    it(JSON.stringify(run), () => {
      const after = cleaned(run);
      if (typeof expected === 'string') assert.equal(after, expected);
      else assert.match(after, expected);
    });
});

/** Companions as text, in order. */
function companions(run: string): string[] {
  return invocationsIn(wrap(run)).flatMap(({ manager, call }) =>
    (manager.companions?.(call) ?? []).map((each) => {
      if (each.kind === 'variable') return `${each.name}=${each.value}`;
      if (each.kind === 'command') return each.text;
      const text = wrap(run);
      const after = text.slice(0, each.at) + each.text + text.slice(each.at);
      return after.slice(after.indexOf('RUN ') + 4).trimEnd();
    }),
  );
}

const clean = 'rm -f /etc/apt/apt.conf.d/docker-clean';
const needed: Readonly<Record<string, readonly string[]>> = {
  'npm ci': [],
  'apt-get update && apt-get install -y x && apt-get install -y y': [clean],
  'apt-get update': [],
  [`${clean} && apt-get update && apt-get install -y x`]: [],
  [`FROM debian\nRUN ${clean}\nRUN apt-get update && apt-get install -y x\n`]: [],
  [`FROM debian AS a\nRUN ${clean}\nFROM a\nRUN apt-get install -y x\n`]: [],
  'apt install -y x': [clean, 'apt -o APT::Keep-Downloaded-Packages=true install -y x'],
  'apk add --no-cache git': ['apk --update-cache add --no-cache git'],
  'apk --no-cache add git': ['apk --no-cache add --update-cache git'],
  'apk add git && apk add make': ['apk --update-cache add git && apk add make'],
  'apk update && apk add git': [],
  'apk add -U --no-cache git': [],
  'dnf install -y git': ['dnf --setopt=keepcache=1 install -y git'],
  'microdnf -y install git': ['microdnf --setopt=keepcache=1 -y install git'],
  'dnf install -y --setopt=keepcache=1 git': [],
  'sudo dnf install -y git': ['sudo dnf --setopt=keepcache=1 install -y git'],
  'uv sync': ['UV_LINK_MODE=copy'],
  'uv sync --link-mode copy': [],
  'FROM a\nENV UV_LINK_MODE=copy\nRUN uv sync\n': [],
  'FROM php\nRUN composer install\n': ['COMPOSER_CACHE_DIR=/root/.cache/composer'],
  'FROM composer\nRUN composer install\n': [],
  'FROM php\nENV COMPOSER_CACHE_DIR=/c\nRUN composer install\n': [],
  'R -e "renv::restore()"': ['RENV_PATHS_CACHE=/renv/cache', 'RENV_CONFIG_CACHE_SYMLINKS=FALSE'],
};

describe('what a cache mount needs besides', () => {
  for (const [run, expected] of Object.entries(needed))
    it(`${run.trim()}: ${expected.join(', ') || 'nothing'}`, () => assert.deepEqual(companions(run), expected));
});
