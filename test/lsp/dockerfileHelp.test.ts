import assert from 'node:assert/strict';
import {
  type CompletionItem,
  type CompletionList,
  CompletionRequest,
  type DocumentLink,
  DocumentLinkRequest,
  type Hover,
  type MarkupContent,
} from 'vscode-languageserver/node';
import { snapshotOfTexts } from '../../server/src/core/context/snapshot.ts';
import { connect, type TestClient, until } from './lib/client.ts';
import { type FakeHost, fakeHost } from './lib/fakeHost.ts';

const uri = 'file:///w/Dockerfile';
const files: Readonly<Record<string, string>> = {
  Dockerfile: 'FROM scratch\n',
  '.dockerignore': 'src/b.log\n*.md\n',
  'package.json': '{}',
  'a b.txt': '',
  'README.md': '# Read me\n',
  'src/a.ts': 'x'.repeat(2000),
  'src/b.log': 'x'.repeat(500),
  'src/deep/c.ts': 'x'.repeat(10),
};

/** A document with its cursor. */
function at(marked: string): { text: string; position: { line: number; character: number } } {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  return {
    text: marked.replace('|', ''),
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}

describe('help in Dockerfiles', () => {
  let host: FakeHost;
  let client: TestClient;

  const open = async (text: string): Promise<void> => {
    await client.open(uri, text);
    await until(() => host.told.texts.has(uri), 'the document');
    host.setFacts(uri, { context: snapshotOfTexts(files), history: undefined });
  };
  const complete = async (marked: string): Promise<CompletionItem[]> => {
    const { text, position } = at(marked);
    await open(text);
    const found = await client.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
    await client.close(uri);
    return (found as CompletionList | null)?.items ?? [];
  };
  const labels = async (marked: string): Promise<string[]> =>
    (await complete(marked))
      .sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
      .map(({ label }) => label);
  const hover = async (marked: string): Promise<string> => {
    const { text, position } = at(marked);
    await open(text);
    const found: Hover | null = await client.hover(uri, position);
    await client.close(uri);
    return (found?.contents as MarkupContent | undefined)?.value ?? '';
  };

  beforeEach(async () => {
    host = fakeHost();
    client = await connect(host);
  });
  afterEach(() => client.dispose());

  describe('proposes sources of COPY and ADD', () => {
    it('from the context, without what is ignored', async () => {
      const known = ['src', 'Dockerfile', 'package.json', '.dockerignore'];
      assert.deepEqual(await labels('FROM a\nCOPY |'), known);
      assert.deepEqual(await labels('FROM a\nADD p| /x\n'), known);
      assert.deepEqual(await labels('FROM a\nCOPY --chown=1 package.json \\\n  |\n'), known);
    });

    it('below a folder, however it is written', async () => {
      for (const written of ['src/', './src/', '/src/', 'src/de', 'package.json src/'])
        assert.deepEqual(await labels(`FROM a\nCOPY ${written}|`), ['deep', 'a.ts'], written);
      assert.deepEqual(await labels('FROM a\nCOPY src/deep/|'), ['c.ts']);
    });

    it('replacing the last part of the path, folders with a slash', async () => {
      const folder = (await complete('FROM a\nCOPY src/de|')).find(({ label }) => label === 'deep');
      const wanted = { start: { line: 1, character: 9 }, end: { line: 1, character: 11 } };
      assert.deepEqual(folder?.textEdit, { range: wanted, newText: 'deep/' });
      assert.equal(folder?.detail, '1 file, 10 B');
    });

    it('in the exec form, where names may hold blanks', async () => {
      assert.ok((await labels('FROM a\nCOPY ["|"]')).includes('a b.txt'));
      assert.deepEqual(await labels('FROM a\nCOPY ["package.json", "src/|", "/x"]'), ['deep', 'a.ts']);
      assert.deepEqual(await labels('FROM a\nCOPY ["src/"|, "x"]'), []);
    });

    it('and nothing where there is something else', async () => {
      for (const text of [
        'FROM a AS b\nFROM a\nCOPY --from=b |',
        'FROM a\nCOPY src /|',
        'FROM a\nCOPY src ./|',
        'FROM a\nCOPY $DIR/|',
        'FROM a\n# COPY |',
        'FROM a\nCOPY <<EOF /x\n|\nEOF\n',
        'FROM a\nCOPY src /x\n|\n',
        'FROM a\nRUN |',
        'FROM a\nCMD |',
        '|',
      ])
        assert.deepEqual(await labels(text), [], text);
    });
  });

  it('proposes flags of COPY and ADD that are not there yet', async () => {
    assert.deepEqual(await labels('FROM a\nCOPY --link --|'), [
      '--chmod=',
      '--chown=',
      '--exclude=',
      '--from=',
      '--parents',
    ]);
    assert.ok((await labels('FROM a\nADD --|')).includes('--checksum='));
    assert.deepEqual(await labels('FROM a\nCOPY --chown=|'), []);
  });

  it('proposes flags of RUN, and the options that fit the type of a mount', async () => {
    assert.deepEqual(await labels('FROM a\nRUN --|'), ['--mount=', '--network=']);
    assert.deepEqual(await labels('FROM a\nRUN --network=none --mount=type=ssh --| x\n'), ['--mount=']);
    assert.deepEqual(await labels('FROM a\nRUN ls --|'), []);
    assert.equal((await labels('FROM a\nRUN --mount=|'))[0], 'type=cache,target=');
    assert.deepEqual(await labels('FROM a\nRUN --mount=type=|'), ['cache', 'bind', 'secret', 'ssh', 'tmpfs']);
    assert.deepEqual(await labels('FROM a\nRUN --mount=type=tmpfs,|'), ['target=', 'size=']);
    assert.deepEqual(await labels('FROM a\nRUN --mount=type=tmpfs,target=/x,|'), ['size=']);
    assert.deepEqual(await labels('FROM a\nRUN --mount=type=cache,sharing=|'), ['locked', 'shared', 'private']);
    for (const text of ['type=bind,sharing=', 'type=cache,mode=', 'type=other,'])
      assert.deepEqual(await labels(`FROM a\nRUN --mount=${text}|`), [], text);
    const option = (await complete('FROM a\nRUN --mount=type=cache,ta| x')).find(({ label }) => label === 'target=');
    const wanted = { start: { line: 1, character: 23 }, end: { line: 1, character: 25 } };
    assert.deepEqual(option?.textEdit, { range: wanted, newText: 'target=' });
  });

  it('proposes earlier stages, the nearest first', async () => {
    const stages = 'FROM node:22 AS deps\nFROM deps AS build\nFROM x\n';
    assert.deepEqual(await labels(`${stages}COPY --from=| a b\nFROM y AS later\n`), ['build', 'deps']);
    assert.deepEqual(await labels('FROM node:22 AS deps\nFROM d|'), ['deps']);
    assert.deepEqual(await labels('FROM node:22 AS deps\nFROM --platform=x d|'), ['deps']);
    assert.deepEqual(await labels('FROM node:22 AS deps\nFROM deps AS |'), []);
    assert.deepEqual(await labels('FROM node:22 AS deps\nCOPY --from=|'), []);
    assert.deepEqual(await labels(`${stages}RUN --mount=type=bind,from=| ls\n`), ['build', 'deps']);
    const item = (await complete(`${stages}COPY --from=bu|`)).find(({ label }) => label === 'build');
    assert.equal(item?.detail, 'FROM deps AS build on line 2');
  });

  it('proposes targets of cache mounts for what the stage runs, the RUN at hand first', async () => {
    const stage = 'FROM node:22\nRUN apt-get update && apt-get install -y git\n';
    const items = await complete(`${stage}RUN --mount=type=cache,target=| npm ci\n`);
    assert.deepEqual(
      items.map(({ label, detail }) => `${label}: ${detail}`),
      ['/root/.npm: npm in this RUN', '/var/cache/apt: apt on line 2', '/var/lib/apt: apt on line 2'],
    );
    assert.deepEqual(
      items.map(({ textEdit }) => textEdit?.newText),
      ['/root/.npm', '/var/cache/apt,sharing=locked', '/var/lib/apt,sharing=locked'],
    );
    assert.deepEqual(await labels('FROM node:22\nRUN --mount=type=bind,target=| npm ci\n'), []);
    assert.deepEqual(await labels('FROM node:22\nRUN --mount=source=src/| npm ci\n'), ['deep', 'a.ts']);
  });

  it('proposes no paths while the context is not known', async () => {
    const { text, position } = at('FROM a\nCOPY |');
    await client.open(uri, text);
    assert.equal(
      await client.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position }),
      null,
    );
  });

  it('answers broken text without failing', async () => {
    const text = 'FROM a AS b\nCOPY --from=b ["x", "y/\nRUN --mount=type=cache,target=\nADD ./ \\\n# c\n  src/';
    await open(text);
    for (let offset = 0; offset <= text.length; offset++) {
      const before = text.slice(0, offset).split('\n');
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      await client.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
      await client.hover(uri, position);
    }
    assert.deepEqual(client.received.logs, []);
  });

  it('links sources that are files', async () => {
    await open('FROM a\nCOPY package.json src ./README.md /x/\nCOPY ["src/a.ts", "/"]\nCOPY --from=b package.json /\n');
    const links: DocumentLink[] =
      (await client.connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri } })) ?? [];
    assert.deepEqual(
      links.map(({ range, target }) => [range.start.line, range.start.character, range.end.character, target]),
      [
        [1, 5, 17, 'file:///w/package.json'],
        [2, 7, 15, 'file:///w/src/a.ts'],
      ],
    );
  });

  describe('says of a source', () => {
    it('what it selects, the biggest of it, and what is left out', async () => {
      const text = await hover('FROM a\nCOPY s|rc /x\n');
      assert.match(text, /^\*\*`src`\*\*: 2 files \(2\.0 kB\) of the build context\./);
      assert.match(text, /biggest\*\*\n- `src\/a\.ts` \(2\.0 kB\)\n- `src\/deep\/` \(1 file, 10 B\)/);
      assert.match(text, /Left out by `\.dockerignore`\*\*\n- 1 file \(500 B\)/);
    });

    it('what a pattern selects', async () => {
      assert.match(await hover('FROM a\nCOPY *.j|son /x\n'), /^\*\*`\*\.json`\*\*: 1 file \(2 B\)/);
    });

    it('why it selects nothing', async () => {
      assert.match(
        await hover('FROM a\nCOPY READ|ME.md /x\n'),
        /kept out of the build context by `\*\.md` in `\.dockerignore`/,
      );
      assert.match(await hover('FROM a\nCOPY no|ne /x\n'), /matches nothing in the build context/);
    });

    it('nothing beside it, or of another stage', async () => {
      assert.match(await hover('FROM a\nCO|PY src /x\n'), /Its cache key depends on/);
      assert.match(await hover('FROM a\nCOPY src /|x\n'), /Its cache key depends on/);
      assert.match(await hover('FROM a AS b\nFROM a\nCOPY --from=b s|rc /x\n'), /Its cache key depends on/);
    });
  });
});
