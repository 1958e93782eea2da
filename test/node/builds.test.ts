// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose files have templates of their own
import assert from 'node:assert/strict';
import { type Config, defaultConfig } from '../../server/src/core/config.ts';
import type { Facts } from '../../server/src/core/workspace.ts';
import { rememberBuilds } from '../../server/src/node/builds.ts';
import { openDisk } from '../../server/src/node/disk.ts';
import { gatherFacts } from '../../server/src/node/gatherFacts.ts';
import { type NodeWorkspace, openWorkspace } from '../../server/src/node/workspace.ts';
import { makeTree, removeTrees, type Tree } from './lib/tree.ts';

const config: Config = { ...defaultConfig, history: false };
const opened: NodeWorkspace[] = [];

async function open(tree: Tree, file: string, settings = config) {
  const workspace = openWorkspace({ factsChanged() {}, log() {} });
  opened.push(workspace);
  workspace.setFolders([tree.root]);
  workspace.watch(`${tree.root}/${file}`, settings);
  await workspace.settled();
  return {
    workspace,
    facts: (): Facts => workspace.facts(`${tree.root}/${file}`),
    async tell(...files: string[]): Promise<void> {
      workspace.changed(files.map((each) => `${tree.root}/${each}`));
      await workspace.settled();
    },
  };
}

const service = (context: string, more = ''): string =>
  `services:\n  api:\n    build:\n      context: ${context}\n      dockerfile: /ROOT/app/Dockerfile\n${more}`;

describe('build contexts that files of the workspace name', () => {
  afterEach(() => {
    for (const workspace of opened.splice(0)) workspace.dispose();
    removeTrees();
  });

  const make = (files: Record<string, string>): Tree => {
    const tree = makeTree({ 'app/Dockerfile': 'FROM a\nARG V\nCOPY x .\n', 'app/x': '', 'lib/x': '' });
    for (const [file, text] of Object.entries(files)) tree.write(file, text.replaceAll('/ROOT', tree.root));
    return tree;
  };

  it('count more than what is copied, and less than the setting', async () => {
    const tree = make({ 'compose.yaml': service('lib', '      args: { V: "1" }\n') });
    const { workspace, facts } = await open(tree, 'app/Dockerfile');
    const { context, builds, others } = facts();
    assert.equal(context?.root, `${tree.root}/lib`);
    assert.equal(context?.reason, 'build.context of service api in compose.yaml');
    assert.deepEqual([builds, others], [{ args: { V: '1' }, passed: [], targets: [], namedContexts: [] }, undefined]);
    workspace.watch(`${tree.root}/app/Dockerfile`, { ...config, contexts: { 'app/*': '.' } });
    await workspace.settled();
    assert.deepEqual([facts().context?.root, facts().builds?.args], [tree.root, { V: '1' }]);
  });

  it('are kept current', async () => {
    const tree = make({ 'compose.yaml': service('lib') });
    const { facts, tell } = await open(tree, 'app/Dockerfile');
    const root = (): string | undefined => facts().context?.root.slice(tree.root.length);
    assert.equal(root(), '/lib');
    tree.write('compose.yaml', service('.').replaceAll('/ROOT', tree.root));
    await tell('compose.yaml');
    assert.equal(root(), '');
    tree.remove('compose.yaml');
    await tell('compose.yaml');
    assert.equal(root(), '/app');
    tree.write('ci/docker-bake.json', '{"target":{"a":{"context":"../lib","dockerfile":"../app/Dockerfile"}}}');
    await tell('ci/docker-bake.json');
    assert.equal(root(), '/lib');
    tree.remove('ci');
    await tell('ci');
    assert.equal(root(), '/app');
  });

  it('follow the .env beside a compose file, and keep its values to themselves', async () => {
    const args = '      args: { V: "$TOKEN" }\n';
    const tree = make({ 'compose.yaml': service('"${DIR:-lib}"', args) });
    const { facts, tell } = await open(tree, 'app/Dockerfile');
    const root = (): string | undefined => facts().context?.root.slice(tree.root.length);
    assert.equal(root(), '/lib');
    tree.write('.env', 'DIR=.\nTOKEN=hunter2\n');
    await tell('.env');
    assert.equal(root(), '');
    assert.match(`${facts().context?.reason}`, /in compose\.yaml and the \.env beside it$/);
    assert.deepEqual([facts().builds?.args, facts().builds?.passed], [{}, ['V']]);
    tree.write('.env', 'DIR=nowhere\n');
    await tell('.env');
    assert.equal(root(), '/app', 'what is not there is not built');
    tree.remove('.env');
    await tell('.env');
    assert.equal(root(), '/lib');
    tree.link('.env', 'elsewhere');
    await tell('.env');
    assert.equal(root(), '/app', 'a link is not followed, so that nothing is known');
  });

  it('do not care for other .env files', async () => {
    const tree = make({ 'compose.yaml': service('"${DIR:-lib}"') });
    const { workspace, facts, tell } = await open(tree, 'app/Dockerfile');
    const before = facts().context;
    tree.write('sub/.env', 'DIR=.\n');
    await tell('sub');
    const { reads } = workspace;
    await tell('sub/.env');
    assert.equal(facts().context?.root, before?.root);
    assert.ok(workspace.reads - reads < 20, `${workspace.reads - reads} reads`);
  });

  it('may be several', async () => {
    const more = (context: string) => `  more:\n    build: { context: ${context}, dockerfile: /ROOT/app/Dockerfile }\n`;
    const tree = make({ 'compose.yaml': service('lib') + more('.') });
    const { facts, tell } = await open(tree, 'app/Dockerfile');
    const others = () => facts().others?.map(({ root, reason, dockerfile }) => [root, reason, dockerfile]);
    assert.deepEqual(others(), [[tree.root, 'build.context of service more in compose.yaml', 'app/Dockerfile']]);
    tree.write('new', '');
    await tell('new');
    assert.ok(facts().others?.[0]?.get('new'));
    const text = 'FROM a\nCOPY x .\n';
    const question = { file: `${tree.root}/app/Dockerfile`, text, config, context: undefined };
    const gathered = await gatherFacts({ ...question, context: `${tree.root}/app` });
    assert.deepEqual([gathered.context?.reason, gathered.others], ['named on the command line', undefined]);
  });

  it('are folders that are there', async () => {
    const tree = make({ 'compose.yaml': service('nowhere') });
    assert.equal((await open(tree, 'app/Dockerfile')).facts().context?.root, `${tree.root}/app`);
  });

  it('can be chosen from, with what would be found without them', async () => {
    const tree = make({ 'compose.yaml': service('lib') });
    const { workspace } = await open(tree, 'app/Dockerfile');
    const found = (settings = config) => workspace.candidates(`${tree.root}/app/Dockerfile`, settings);
    const named = { value: 'lib', reason: 'build.context of service api in compose.yaml' };
    const own = { value: 'app', reason: "the Dockerfile's folder" };
    const top = { value: '.', reason: 'the workspace folder' };
    assert.deepEqual(await found(), { name: 'app/Dockerfile', contexts: [named, own, top] });
    const set = await found({ ...config, contexts: { 'app/Dockerfile': '.' } });
    assert.deepEqual(set?.contexts, [{ value: '.', reason: 'set by cacheLens.contexts' }, named, own]);
    assert.equal(await workspace.candidates('/elsewhere/Dockerfile', config), undefined);
  });

  it('are looked at for a folder of which no Dockerfile is known, too', async () => {
    const tree = make({ '.dockerignore': 'lib\n' });
    const { workspace } = await open(tree, 'app/Dockerfile');
    const look = await workspace.look(`${tree.root}/Dockerfile`, config, { context: tree.root, count: true });
    assert.deepEqual([look?.context.reason, look?.context.excluded.files], ["the ignore file's folder", 1]);
    assert.equal(await workspace.look(`${tree.root}/Dockerfile`, config), undefined);
  });

  it('are looked for once, not in what is installed, not through links, and not without end', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1500 }, (_, index) => [`d${index}/compose.yaml`, 'services: {}']),
    );
    const tree = makeTree({
      ...files,
      'node_modules/a/compose.yaml': '',
      '.git/compose.yaml': '',
      'a/b/c/d/compose.yaml': '',
    });
    tree.link('loop', '.');
    tree.link('docker-compose.yml', 'd1/compose.yaml');
    const disk = openDisk();
    const builds = rememberBuilds(disk);
    const { files: read } = await builds.in(tree.root);
    assert.equal(read.length, 200);
    assert.ok(read.every((file) => /\/d\d+\/compose\.yaml$/.test(file)));
    assert.ok(disk.reads < 1500, `${disk.reads} reads`);
    const { reads } = disk;
    await builds.in(tree.root);
    assert.equal(await builds.changed([`${tree.root}/src/a.ts`]), false);
    assert.equal(disk.reads, reads);
    assert.equal(await builds.changed([`${tree.root}/d1/compose.yaml`]), true);
  });
});
