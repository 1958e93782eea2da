import assert from 'node:assert/strict';
import { buildGraph } from '../../../server/src/core/build/graph.ts';
import { type MakeRun, makeCallsOf, makeInvocations } from '../../../server/src/core/managers/make.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { contextOf } from './support.ts';

const text = (command: string): string => `FROM node\nWORKDIR /app\nCOPY . .\nRUN ${command}\n`;

function made(command: string, files: Readonly<Record<string, string>>, directory = ''): MakeRun {
  const graph = buildGraph(parseDockerfile(text(command)), { args: {} });
  const step = graph.stages[0]?.steps.at(-1);
  const [call] = step ? makeCallsOf(step) : [];
  assert.ok(call);
  return makeInvocations(call, directory, contextOf(files));
}

/** `npm install /app`, then `+ other commands`, then `< files`; or the refusal. */
function summary(command: string, files: Readonly<Record<string, string>>, directory = ''): string[] {
  const run = made(command, files, directory);
  if ('refusal' in run) return [run.refusal];
  return [
    ...run.invocations.map(({ manager, action, call }) => `${manager.id} ${action} ${call.cwd}`),
    ...run.others.map((other) => `+ ${other}`),
    ...run.files.map((file) => `< ${file}`),
  ];
}

describe('makeInvocations', () => {
  it('reads the recipe of a target', () => {
    assert.deepEqual(summary('make deps', { Makefile: '.PHONY: deps\ndeps:\n\t@npm ci\n' }), [
      'npm install /app',
      '< Makefile',
    ]);
  });

  it('follows prerequisites, variables and cd, each line by itself', () => {
    const Makefile =
      'NPM ?= npm\nall: deps\ninstall: deps # comment\n\tcd web && $(NPM) ci\n\techo $$PWD\ndeps:\n\t-pip install -r requirements.txt\n';
    assert.deepEqual(summary('make install', { Makefile }), [
      'pip install /app',
      'npm install /app/web',
      '+ cd web',
      '+ echo $PWD',
      '< Makefile',
    ]);
  });

  it('takes the first target where none is named, and variables of the command line', () => {
    assert.deepEqual(summary('make PM=pnpm', { Makefile: 'PM = npm\nfirst:\n\t$(PM) install\n' }), [
      'pnpm install /app',
      '< Makefile',
    ]);
  });

  it('needs the files that rules depend on', () => {
    const Makefile = 'install: node_modules\nnode_modules: package.json package-lock.json\n\tnpm ci\n';
    assert.deepEqual(summary('make install', { Makefile, 'package.json': '', 'package-lock.json': '' }), [
      'npm install /app',
      '< Makefile',
      '< package.json',
      '< package-lock.json',
    ]);
  });

  it('moves with -C', () => {
    assert.deepEqual(summary('make -C sub deps', { 'sub/Makefile': 'deps:\n\tnpm ci\n' }, 'sub'), [
      'npm install /app/sub',
      '< sub/Makefile',
    ]);
  });

  it('gives words a place in the Dockerfile', () => {
    const run = made('make deps', { Makefile: 'deps:\n\tnpm ci --omit=dev\n' });
    assert.ok('invocations' in run);
    const span = run.invocations[0]?.call.args[1]?.span;
    assert.equal(span && text('make deps').slice(span.start, span.end), 'make deps');
  });

  const refused: Readonly<Record<string, readonly [makefile: string, why: RegExp]>> = {
    conditionals: ['ifdef X\nY=1\nendif\ndeps:\n\tnpm ci\n', /more than a simple/],
    includes: ['include x.mk\ndeps:\n\tnpm ci\n', /more than a simple/],
    functions: ['deps:\n\tnpm ci $(shell date)\n', /nothing is known/],
    'unknown variables': ['deps:\n\t$(NPM) ci\n', /nothing is known/],
    'variables without end': ['A = $(B)$(B)\nB = $(A)$(A)\ndeps:\n\tnpm ci $(A)\n', /nothing is known/],
    'make in make': ['deps:\n\t$(MAKE) -C web deps\n', /calls make again/],
    'missing targets': ['other:\n\tnpm ci\n', /nothing is known/],
    'files that are there': ['deps: package.json\npackage.json: x\n\tnpm ci\n', /made again is not known/],
    'what is not shell': ['deps:\n\tif ((\n', /cannot be read/],
  };
  for (const [title, [Makefile, why]] of Object.entries(refused))
    it(`refuses ${title}`, () => {
      const [refusal] = summary('make deps', { Makefile, 'package.json': '' });
      assert.match(refusal ?? '', why);
    });

  it('refuses without a Makefile, and where the target is not known', () => {
    assert.match(summary('make deps', {})[0] ?? '', /is not known/);
    assert.match(summary('make $UNKNOWN', { Makefile: 'a:\n\tnpm ci\n' })[0] ?? '', /is not known/);
  });
});
