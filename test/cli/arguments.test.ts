import assert from 'node:assert/strict';
import { type Arguments, parseArguments } from '../../server/src/cli/arguments.ts';
import { UsageError } from '../../server/src/cli/io.ts';

const parse = (line: string): Arguments => parseArguments(line === '' ? [] : line.split(' '));

const check = {
  command: 'check',
  paths: ['.'],
  format: 'pretty',
  context: undefined,
  config: undefined,
  buildLog: undefined,
  fix: undefined,
  stdin: undefined,
};

const whatIf = {
  command: 'what-if',
  file: 'Dockerfile',
  format: 'text',
  context: undefined,
  config: undefined,
  change: [],
  add: [],
  delete: [],
  base: [],
  buildArgs: {},
  target: undefined,
  against: undefined,
  againstBuildArgs: {},
};

describe('arguments', () => {
  const right: Record<string, unknown> = {
    check,
    'check a b': { ...check, paths: ['a', 'b'] },
    'check --build-log ci/build.log': { ...check, buildLog: 'ci/build.log' },
    'check --format sarif --context ctx --config c.json a': {
      ...check,
      format: 'sarif',
      context: 'ctx',
      config: 'c.json',
      paths: ['a'],
    },
    'check --fix': { ...check, fix: 'safe' },
    'check --fix a': { ...check, fix: 'safe', paths: ['a'] },
    'check --fix=safe': { ...check, fix: 'safe' },
    'check --fix=all a': { ...check, fix: 'suggestion', paths: ['a'] },
    'check -- --fix': { ...check, paths: ['--fix'] },
    'check --stdin': { ...check, stdin: 'Dockerfile' },
    'check --stdin --stdin-filename app/Dockerfile': { ...check, stdin: 'app/Dockerfile' },
    'explain app/Dockerfile:3 --format json': {
      command: 'explain',
      file: 'app/Dockerfile:3',
      format: 'json',
      context: undefined,
      buildLog: undefined,
      config: undefined,
    },
    'what-if Dockerfile': whatIf,
    'what-if Dockerfile --change a b --add=c --change d': { ...whatIf, change: ['a', 'b', 'd'], add: ['c'] },
    'what-if --change a Dockerfile': { ...whatIf, change: ['a'] },
    'what-if --delete a --target t Dockerfile': { ...whatIf, delete: ['a'], target: 't' },
    'what-if Dockerfile --build-arg A=1 B= --base node:22': {
      ...whatIf,
      buildArgs: { A: '1', B: '' },
      base: ['node:22'],
    },
    'what-if Dockerfile --against HEAD~1 --against-build-arg A=x=y': {
      ...whatIf,
      against: 'HEAD~1',
      againstBuildArgs: { A: 'x=y' },
    },
    '--version': { command: 'version' },
    '--help': { command: 'help', topic: undefined },
    'help check': { command: 'help', topic: 'check' },
    'check --help': { command: 'help', topic: 'check' },
    'what-if -h': { command: 'help', topic: 'what-if' },
  };
  for (const [line, expected] of Object.entries(right)) it(line, () => assert.deepEqual(parse(line), expected));

  const wrong: Record<string, RegExp> = {
    '': /there is no command/,
    lint: /no command "lint"/,
    'check --colour': /Unknown option '--colour'/,
    'check --format xml': /--format is one of pretty, json, sarif, github, not "xml"/,
    'check --format': /--format/,
    'check --fix=some': /--fix takes safe or all/,
    'check --stdin a': /--stdin goes without paths/,
    'check --stdin --fix': /--fix cannot write/,
    'check --stdin-filename a': /goes with --stdin/,
    'what-if --build-log a Dockerfile': /Unknown option '--build-log'/,
    explain: /explain needs a Dockerfile/,
    'explain a b': /one Dockerfile, but got 2/,
    'explain a --format sarif': /--format is one of text, json/,
    'what-if': /what-if needs a Dockerfile/,
    'what-if --change a': /what-if needs a Dockerfile/,
    'what-if Dockerfile --build-arg A': /--build-arg takes NAME=VALUE, not "A"/,
    'what-if Dockerfile --against-build-arg A=1': /goes with --against/,
  };
  for (const [line, message] of Object.entries(wrong)) {
    it(`refuses "${line}"`, () =>
      assert.throws(
        () => parse(line),
        (error) => error instanceof UsageError && message.test(error.message),
      ));
  }
});
