import assert from 'node:assert/strict';
import { analyze } from '../../server/src/core/analyze.ts';
import { defaultConfig } from '../../server/src/core/config.ts';
import { gatherFacts, rememberingGather } from '../../server/src/node/gatherFacts.ts';
import { makeTree, removeTrees } from './lib/tree.ts';

const config = { ...defaultConfig, history: false };

describe('facts for one analysis', () => {
  afterEach(removeTrees);

  it('hold the context of the Dockerfile with its ignore file and the texts of manifests', async () => {
    const text = 'FROM node\nCOPY package.json ./\nCOPY src src\n';
    const tree = makeTree({
      'package.json': '\uFEFF{}',
      'src/a.ts': 'a',
      'docker/Dockerfile': text,
      '.dockerignore': 'node_modules\n',
      'node_modules/x/package.json': '{}',
      '.git/HEAD': '',
    });
    const { context, history } = await gatherFacts({
      file: `${tree.root}/docker/Dockerfile`,
      text,
      config,
      context: undefined,
    });
    assert.equal(context?.root, tree.root);
    assert.equal(context?.reason, 'the nearest folder that has all that the Dockerfile copies');
    assert.equal(context?.dockerfile, 'docker/Dockerfile');
    assert.deepEqual(context?.ignore, { path: '.dockerignore', text: 'node_modules\n' });
    assert.equal(context?.text('package.json'), '{}');
    assert.equal(context?.text('src/a.ts'), undefined);
    assert.equal(context?.get('node_modules'), undefined);
    assert.deepEqual(
      ['node_modules', 'node_modules/x', 'src', 'nothing'].map((path) => context?.exists(path)),
      [true, undefined, true, false],
    );
    assert.equal(history, undefined);
  });

  it('hold the head of a large lock file, which tells whose it is, and nothing of other large files', async () => {
    const text = 'FROM node\nCOPY . .\n';
    const lines = '# entry\n'.repeat(100_000);
    const tree = makeTree({
      Dockerfile: text,
      'yarn.lock': `# yarn lockfile v1\n${lines}`,
      'package-lock.json': `{}${lines}`,
    });
    const { context } = await gatherFacts({ file: `${tree.root}/Dockerfile`, text, config, context: undefined });
    assert.match(context?.text('yarn.lock') ?? '', /^# yarn lockfile v1\n/);
    assert.ok((context?.text('yarn.lock')?.length ?? 0) < 10_000);
    assert.equal(context?.text('package-lock.json'), undefined);
  });

  it('know what the Dockerfile copies from a folder that the ignore file keeps out', async () => {
    const text = 'FROM a\nCOPY scripts/run.sh scripts/made.sh /\n';
    const tree = makeTree({
      Dockerfile: text,
      '.dockerignore': '*\n!src\n',
      'scripts/run.sh': '',
      'scripts/other.sh': '',
    });
    const { context } = await gatherFacts({ file: `${tree.root}/Dockerfile`, text, config, context: undefined });
    assert.deepEqual(
      ['scripts/run.sh', 'scripts/made.sh', 'scripts/other.sh'].map((path) => context?.exists(path)),
      [true, undefined, undefined],
    );
    const { findings } = analyze(text, { context, history: undefined }, config);
    assert.deepEqual(
      findings.map(({ rule, message }) => [rule, message.slice(0, 57)]),
      [['copy-ignored-file', 'The build fails here: .dockerignore keeps scripts/run.sh ']],
    );
  });

  it('go by the ignore file beside the Dockerfile, even outside of the context that is named', async () => {
    const tree = makeTree({
      'docker/Dockerfile': 'FROM a',
      'docker/Dockerfile.dockerignore': '*.md',
      'app/a.md': '',
      'app/.dockerignore': '*',
    });
    const file = `${tree.root}/docker/Dockerfile`;
    const { context } = await gatherFacts({ file, text: 'FROM a', config, context: `${tree.root}/app` });
    assert.equal(context?.reason, 'named on the command line');
    assert.equal(context?.dockerfile, undefined);
    assert.equal(context?.ignore?.path, '../docker/Dockerfile.dockerignore');
    assert.deepEqual(
      context?.entries.map(({ path }) => path),
      ['.dockerignore'],
    );
  });

  it('are empty where nothing can be read', async () => {
    const { context } = await gatherFacts({
      file: '/nowhere/at/all/Dockerfile',
      text: 'FROM a',
      config,
      context: undefined,
    });
    assert.deepEqual(context?.entries, []);
  });

  it('are looked up anew, or once in a run', async () => {
    const tree = makeTree({ Dockerfile: 'FROM a' });
    const question = { file: `${tree.root}/Dockerfile`, text: 'FROM a', config, context: undefined };
    const remembering = rememberingGather();
    await remembering(question);
    tree.write('new', '');
    assert.equal((await remembering(question)).context?.get('new'), undefined);
    assert.equal((await gatherFacts(question)).context?.get('new')?.path, 'new');
  });
});
