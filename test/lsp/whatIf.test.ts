import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { textOnlyHost } from '../../server/src/browser/textOnlyHost.ts';
import type { Host } from '../../server/src/lsp/host.ts';
import { type WhatIfAnswer, whatIfMethod } from '../../server/src/lsp/whatIf.ts';
import { nodeHost } from '../../server/src/node/host.ts';
import { connect, type TestClient } from './lib/client.ts';

const dockerfile = `FROM node:22 AS build
ARG SHA=none
WORKDIR /app
COPY package.json ./
COPY src src
RUN npm run build
FROM nginx
COPY --from=build /app/dist /www
`;

describe('what if, asked by the editor', () => {
  let folder: string;
  let host: Host;
  let client: TestClient;
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).toString();
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const ask = (change: unknown, name = 'Dockerfile'): Promise<WhatIfAnswer> =>
    client.connection.sendRequest(whatIfMethod, { dockerfile: uriOf(name), change });
  const file = (name: string): { file: string } => ({ file: uriOf(name) });
  const summary = ({ steps }: WhatIfAnswer): string[] => steps.map(({ line, outcome }) => `${line} ${outcome}`);

  const start = async (on: Host): Promise<void> => {
    host = on;
    client = await connect(host, { folders: [pathToFileURL(folder).toString()] });
  };

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cache lens ü-')));
    write('Dockerfile', dockerfile);
    write('.dockerignore', 'notes\n');
    write('package.json', '{}');
    write('src/a.ts', '');
    write('notes/plan.md', '');
  });

  afterEach(() => {
    host.dispose();
    client.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells the steps that a file touches, of a Dockerfile that is not open', async () => {
    await start(nodeHost());
    const answer = await ask(file('src/a.ts'));
    assert.deepEqual(answer, {
      steps: [
        {
          line: 5,
          lastLine: 5,
          stage: 'build',
          instruction: 'COPY src src',
          outcome: 'runs',
          because: 'src/a.ts is selected by COPY src src on line 5',
        },
        {
          line: 6,
          lastLine: 6,
          stage: 'build',
          instruction: 'RUN npm run build',
          outcome: 'runs',
          because: 'the step before it runs again: COPY src src on line 5',
        },
        {
          line: 8,
          lastLine: 8,
          stage: '1',
          instruction: 'COPY --from=build /app/dist /www',
          outcome: 'depends',
          because: 'it is cached if /app/dist in stage build is the same as before',
        },
      ],
      message: null,
    });
  });

  it('goes by what an open Dockerfile holds', async () => {
    await start(nodeHost());
    await client.open(uriOf('Dockerfile'), 'FROM a\n\nCOPY . .\nRUN b\n');
    assert.deepEqual(summary(await ask(file('src/a.ts'))), ['3 runs', '4 runs']);
    await client.close(uriOf('Dockerfile'));
    assert.deepEqual(summary(await ask(file('src/a.ts'))), ['5 runs', '6 runs', '8 depends']);
  });

  it('goes by the settings and the unsaved ignore file', async () => {
    await start(nodeHost());
    write('docker/api/Dockerfile', 'FROM a AS b\nCOPY src src\nFROM b\nCOPY package.json .\n');
    client.settings.set(pathToFileURL(folder).toString(), {
      contexts: { 'docker/*/Dockerfile': '.' },
      target: 'b',
    });
    assert.deepEqual(summary(await ask(file('src/a.ts'), 'docker/api/Dockerfile')), ['2 runs']);
    assert.deepEqual(summary(await ask(file('package.json'), 'docker/api/Dockerfile')), []);
    await client.open(uriOf('.dockerignore'), 'src\n', 'dockerignore');
    assert.deepEqual(summary(await ask(file('src/a.ts'), 'docker/api/Dockerfile')), []);
  });

  it('tells the steps that an argument touches', async () => {
    await start(nodeHost());
    const { steps, message } = await ask({ argument: 'SHA' });
    assert.deepEqual(summary({ steps, message }), ['6 runs', '8 depends']);
    assert.equal(steps[0]?.because, 'ARG SHA is another value instead of none');
    assert.deepEqual(await ask({ argument: 'NOT_DECLARED' }), { steps: [], message: null });
  });

  it('says why a file touches nothing', async () => {
    await start(nodeHost());
    write('README.md', '');
    assert.deepEqual(await ask(file('README.md')), { steps: [], message: null });
    const outside = {
      steps: [],
      message: 'The file does not reach the builder: it is ignored, or not in the build context.',
    };
    assert.deepEqual(await ask(file('notes/plan.md')), outside);
    assert.deepEqual(await ask({ file: pathToFileURL(path.dirname(folder)).toString() }), outside);
    assert.deepEqual(await ask({ file: 'untitled:Untitled-1' }), outside);
    assert.deepEqual(await ask(file('src/a.ts'), 'no/Dockerfile'), {
      steps: [],
      message: 'The Dockerfile cannot be read here.',
    });
  });

  it('knows a file that is opened by way of a symlink', async () => {
    await start(nodeHost());
    symlinkSync('src', path.join(folder, 'link'));
    assert.deepEqual(summary(await ask(file('link/a.ts'))), ['5 runs', '6 runs', '8 depends']);
    symlinkSync('src/a.ts', path.join(folder, 'a.ts'));
    write('links/Dockerfile', 'FROM a\nCOPY a.ts .\nRUN b\nCOPY src src\n');
    assert.deepEqual(summary(await ask(file('a.ts'), 'links/Dockerfile')), ['2 runs', '3 runs', '4 runs']);
    assert.deepEqual(summary(await ask(file('package.json'), 'links/Dockerfile')), []);
  });

  it('answers anything', async () => {
    await start(nodeHost());
    const answers = [null, {}, { file: 1 }, { argument: '' }, 'file'].map((change) => ask(change));
    for (const { message } of await Promise.all(answers)) assert.equal(message, 'The question was not understood.');
  });

  it('knows of arguments, but of no files, where files cannot be read', async () => {
    await start(textOnlyHost);
    assert.deepEqual(await ask({ argument: 'SHA' }), { steps: [], message: 'The Dockerfile cannot be read here.' });
    await client.open(uriOf('Dockerfile'), dockerfile);
    assert.deepEqual(await ask(file('src/a.ts')), { steps: [], message: 'The build context cannot be read here.' });
    assert.deepEqual(summary(await ask({ argument: 'SHA' })), ['6 runs', '8 depends']);
  });
});
