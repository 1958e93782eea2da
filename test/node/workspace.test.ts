import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Config, defaultConfig } from '../../server/src/core/config.ts';
import type { ContextSnapshot } from '../../server/src/core/workspace.ts';
import { type NodeWorkspace, openWorkspace } from '../../server/src/node/workspace.ts';
import { makeTree, removeTrees, type Tree } from './lib/tree.ts';

const config: Config = { ...defaultConfig, history: false };
const dockerfile = 'FROM node\nCOPY . .\n';

interface Opened {
  readonly workspace: NodeWorkspace;
  readonly file: string;
  readonly announced: string[];
  readonly logged: string[];
  context(): ContextSnapshot;
  paths(): string[];
  /** Tells of changes and waits until they are known. */
  tell(...files: string[]): Promise<void>;
}

const opened: NodeWorkspace[] = [];

async function open(tree: Tree, { file = 'Dockerfile', settings = config } = {}): Promise<Opened> {
  const announced: string[] = [];
  const logged: string[] = [];
  const workspace = openWorkspace({
    factsChanged: (files) => announced.push(...files),
    log: (line) => logged.push(line),
  });
  opened.push(workspace);
  const location = `${tree.root}/${file}`;
  workspace.setFolders([tree.root]);
  workspace.watch(location, settings);
  await workspace.settled();
  const context = (): ContextSnapshot => {
    const found = workspace.facts(location).context;
    assert.ok(found);
    return found;
  };
  return {
    workspace,
    file: location,
    announced,
    logged,
    context,
    paths: () => context().entries.map((entry) => entry.path),
    tell(...files) {
      workspace.changed(files.map((each) => `${tree.root}/${each}`));
      return workspace.settled();
    },
  };
}

describe('the workspace on disk', () => {
  afterEach(() => {
    for (const workspace of opened.splice(0)) workspace.dispose();
    removeTrees();
  });

  it('knows nothing of a Dockerfile that is not watched, and all of one that is', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, 'a.txt': '' });
    const { workspace, file, announced, paths } = await open(tree);
    assert.equal(workspace.facts(`${tree.root}/other`).context, undefined);
    assert.deepEqual(paths(), ['Dockerfile', 'a.txt']);
    assert.deepEqual([...new Set(announced)], [file]);
  });

  it('reads the log of a build, and reads it again when it changes', async () => {
    const tree = makeTree({ 'app/Dockerfile': dockerfile, 'build.log': '#1 [2/2] COPY . .\n#1 DONE 1.5s\n' });
    const settings = { ...config, buildLogs: { '*/Dockerfile': 'build.log' } };
    const { workspace, file, logged, tell } = await open(tree, { file: 'app/Dockerfile', settings });
    const { log } = workspace.facts(file);
    assert.deepEqual([log?.name, log?.steps.map(({ seconds }) => seconds)], ['build.log', [1.5]]);
    await tell('app/other');
    assert.equal(workspace.facts(file).log, log);
    tree.write('build.log', Buffer.from('\ufeff#1 [2/2] COPY . .\r\n#1 DONE 2.5s\r\n', 'utf16le'));
    await tell('build.log');
    assert.deepEqual(workspace.facts(file).log?.steps[0]?.seconds, 2.5);
    assert.deepEqual(logged, []);
    tree.write('build.log', 'nothing\n');
    await tell('build.log');
    assert.equal(workspace.facts(file).log, undefined);
    assert.match(logged.join(), /The build log build\.log tells of no times: it has no step that ran/);
  });

  it('reads nothing at a keystroke, and keeps the same facts', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, 'a.txt': '', '.dockerignore': 'x\n' });
    const { workspace, file } = await open(tree);
    const { reads } = workspace;
    const facts = workspace.facts(file);
    for (const text of ['FROM n', 'FROM no', 'FROM node\nCOPY b.txt ..\n']) workspace.setText(file, text);
    await workspace.settled();
    assert.equal(workspace.facts(file), facts);
    workspace.setText(`${tree.root}/.dockerignore`, 'x\na*\n');
    await workspace.settled();
    assert.equal(workspace.reads, reads);
    assert.equal(workspace.facts(file).context?.get('a.txt'), undefined);
  });

  it('updates one entry when one file changes', async () => {
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`src/f${index}`, '']));
    const tree = makeTree({ Dockerfile: dockerfile, ...files });
    const { workspace, context, tell } = await open(tree);
    const before = context();
    const { reads } = workspace;
    tree.write('src/f7', 'longer');
    await tell('src/f7');
    assert.ok(workspace.reads - reads <= 3, `${workspace.reads - reads} reads`);
    assert.equal(context().get('src/f7')?.size, 6);
    assert.equal(context().get('src/f8'), before.get('src/f8'));
    assert.notEqual(context().get('src/f7'), before.get('src/f7'));
  });

  it('follows files and folders that come and go', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, 'a/b': '' });
    const { paths, tell } = await open(tree);
    tree.write('new/deep/x', '');
    tree.write('new/y', '');
    await tell('new/deep/x', 'new');
    assert.deepEqual(paths(), ['Dockerfile', 'a', 'a/b', 'new', 'new/deep', 'new/deep/x', 'new/y']);
    tree.remove('a');
    tree.remove('new/y');
    await tell('a', 'a/b', 'new/y');
    assert.deepEqual(paths(), ['Dockerfile', 'new', 'new/deep', 'new/deep/x']);
    tree.remove('new');
    tree.write('new', 'a file now');
    await tell('new');
    assert.deepEqual(paths(), ['Dockerfile', 'new']);
  });

  it('does not look at changes below ignored folders', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, '.dockerignore': 'node_modules\n', 'node_modules/a/x': '' });
    const { workspace, file, tell } = await open(tree);
    const facts = workspace.facts(file);
    const { reads } = workspace;
    tree.write('node_modules/a/y', '');
    await tell('node_modules/a/y', 'node_modules/b');
    assert.equal(workspace.reads, reads);
    assert.equal(workspace.facts(file), facts);
  });

  it('lists an ignored folder once the ignore file lets it in', async () => {
    const tree = makeTree({
      Dockerfile: dockerfile,
      '.dockerignore': 'lib\n',
      'lib/a/x': '',
      'lib/b/package.json': '{}',
    });
    const { workspace, context, paths, tell } = await open(tree);
    assert.deepEqual(paths(), ['.dockerignore', 'Dockerfile']);
    workspace.setText(`${tree.root}/.dockerignore`, 'lib\n!lib/b\n');
    await workspace.settled();
    assert.deepEqual(paths(), ['.dockerignore', 'Dockerfile', 'lib', 'lib/b', 'lib/b/package.json']);
    assert.equal(context().text('lib/b/package.json'), '{}');
    workspace.setText(`${tree.root}/.dockerignore`, undefined);
    await workspace.settled();
    assert.deepEqual(paths(), ['.dockerignore', 'Dockerfile']);
    tree.write('.dockerignore', '*\n!lib\n');
    await tell('.dockerignore');
    assert.deepEqual(paths(), ['lib', 'lib/a', 'lib/a/x', 'lib/b', 'lib/b/package.json']);
  });

  it('notices an ignore file that is created, comes before another, or goes', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, a: '', b: '' });
    const { context, paths, tell } = await open(tree);
    tree.write('.dockerignore', 'a\n');
    await tell('.dockerignore');
    assert.deepEqual(paths(), ['.dockerignore', 'Dockerfile', 'b']);
    tree.write('Dockerfile.dockerignore', 'b\n');
    await tell('Dockerfile.dockerignore');
    assert.equal(context().ignore?.path, 'Dockerfile.dockerignore');
    assert.deepEqual(paths(), ['.dockerignore', 'Dockerfile', 'Dockerfile.dockerignore', 'a']);
    tree.remove('Dockerfile.dockerignore');
    tree.remove('.dockerignore');
    await tell('Dockerfile.dockerignore', '.dockerignore');
    assert.deepEqual([context().ignore, paths()], [undefined, ['Dockerfile', 'a', 'b']]);
  });

  it('keeps the texts of manifests current', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, 'package.json': '{}' });
    const { context, tell } = await open(tree);
    tree.write('package.json', '{"name":"a"}');
    await tell('package.json');
    assert.equal(context().text('package.json'), '{"name":"a"}');
    tree.write('package.json', '\0');
    await tell('package.json');
    assert.equal(context().text('package.json'), undefined);
  });

  it('moves the context when the Dockerfile is saved, or its setting changes', async () => {
    const tree = makeTree({ 'app/Dockerfile': dockerfile, 'app/x': '', 'go.mod': '' });
    const { workspace, file, context, tell } = await open(tree, { file: 'app/Dockerfile' });
    assert.equal(context().root, `${tree.root}/app`);
    tree.write('app/Dockerfile', 'FROM go\nCOPY go.mod .\n');
    await tell('app/Dockerfile');
    assert.deepEqual([context().root, context().dockerfile], [tree.root, 'app/Dockerfile']);
    workspace.watch(file, { ...config, contexts: { 'app/*': 'app' } });
    await workspace.settled();
    assert.deepEqual([context().root, context().reason], [`${tree.root}/app`, 'set by cacheLens.contexts']);
  });

  it('digests files only when asked, and again only when they have changed', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, a: 'text', b: 'other' });
    const { workspace, file, context, tell } = await open(tree);
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    assert.equal(context().digest('a'), undefined);
    await workspace.digest(file, ['a', 'gone']);
    assert.deepEqual(
      [context().digest('a'), context().digest('b'), context().digest('gone')],
      [sha('text'), undefined, undefined],
    );
    tree.write('a', 'changed');
    await tell('a');
    assert.equal(context().digest('a'), undefined);
    assert.equal((await workspace.digest(file, ['a'])).context?.digest('a'), sha('changed'));
  });

  it('looks into ignored folders only to count, when asked', async () => {
    const tree = makeTree({
      Dockerfile: dockerfile,
      '.dockerignore': 'lib\n*.log',
      'lib/a/x': '12',
      'lib/y': '3',
      'z.log': '45',
    });
    const { workspace, file, context } = await open(tree);
    assert.deepEqual([context().excluded, context().uncounted], [{ files: 1, bytes: 2 }, ['lib']]);
    await workspace.count(file);
    assert.deepEqual([context().excluded, context().uncounted], [{ files: 3, bytes: 5 }, []]);
  });

  it('shares one listing among Dockerfiles and forgets it with the last of them', async () => {
    const tree = makeTree({ Dockerfile: dockerfile, 'b.Dockerfile': dockerfile, a: '' });
    const { workspace, file } = await open(tree);
    const { reads } = workspace;
    workspace.watch(`${tree.root}/b.Dockerfile`, config);
    await workspace.settled();
    const other = workspace.facts(`${tree.root}/b.Dockerfile`).context;
    assert.equal(other?.entries, workspace.facts(file).context?.entries);
    assert.equal(other?.dockerfile, 'b.Dockerfile');
    assert.ok(workspace.reads - reads < 6, `${workspace.reads - reads} reads`);
    workspace.unwatch(file);
    assert.equal(workspace.facts(file).context, undefined);
  });

  it('does not run git where the history is off, and reads it where it is on', async () => {
    const tree = makeTree({ Dockerfile: dockerfile });
    const off = await open(tree);
    assert.equal(off.workspace.facts(off.file).history, undefined);
    const on = await open(tree, { settings: defaultConfig });
    assert.equal(on.workspace.facts(on.file).history, undefined, 'there is no repository');
  });

  it('is silent after it was disposed of', async () => {
    const tree = makeTree({ Dockerfile: dockerfile });
    const { workspace, announced } = await open(tree);
    announced.length = 0;
    workspace.changed([`${tree.root}/new`]);
    workspace.dispose();
    await workspace.settled();
    assert.deepEqual(announced, []);
  });
});
