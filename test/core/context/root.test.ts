import assert from 'node:assert/strict';
import { buildGraph } from '../../../server/src/core/build/graph.ts';
import {
  type ContextQuestion,
  chooseContext,
  ignoreFiles,
  type Lookup,
  relativePath,
} from '../../../server/src/core/context/root.ts';
import { contextSources, manifestsInContext, pathsNamed } from '../../../server/src/core/contextSources.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';

function disk(paths: readonly string[]): Lookup {
  const all = new Set(
    paths.flatMap((path) => path.split('/').map((_, end, parts) => parts.slice(0, end + 1).join('/'))),
  );
  return {
    exists: async (path) => all.has(path),
    names: async (folder) =>
      [...all]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
  };
}

const repository = disk([
  '/w/package.json',
  '/w/go.mod',
  '/w/src/main.ts',
  '/w/services/api/Dockerfile',
  '/w/services/api/package.json',
  '/w/services/api/start.sh',
  '/other/x',
]);

const choose = (sources: readonly string[], more: Partial<ContextQuestion> = {}) =>
  chooseContext({ dockerfile: '/w/services/api/Dockerfile', top: '/w', sources, ...more }, repository);

const own = { folder: '/w/services/api', reason: "the Dockerfile's folder" };

describe('choosing the build context', () => {
  it("is the Dockerfile's folder where nothing speaks against it", async () => {
    assert.deepEqual(await choose([]), own);
    assert.deepEqual(await choose(['.']), own);
    assert.deepEqual(await choose(['package.json', './start.sh']), own);
    assert.deepEqual(await choose(['pack*.json', '*.sh']), own);
  });

  it('is the nearest folder above that has all sources', async () => {
    const root = { folder: '/w', reason: 'the nearest folder that has all that the Dockerfile copies' };
    assert.deepEqual(await choose(['package.json', 'src']), root);
    assert.deepEqual(await choose(['services/*/package.json', 'go.*']), root);
    assert.deepEqual((await choose(['api/start.sh'])).folder, '/w/services');
  });

  it('is the folder of a comment, where no other has more', async () => {
    const commented = { folder: '/w', reason: 'docker build in a comment of the Dockerfile' };
    assert.deepEqual(await choose(['.'], { commented }), commented);
    assert.deepEqual(await choose(['package.json'], { commented }), commented);
    assert.deepEqual(await choose(['start.sh'], { commented }), own);
    const declared = [{ folder: '/w/services', reason: 'a compose file' }];
    assert.deepEqual(await choose(['.'], { commented, declared }), declared[0]);
  });

  it('is the nearest folder above that has the manifests of what is installed', async () => {
    const at = (dockerfile: string, paths: string[], manifests: string[], sources = ['.']) =>
      chooseContext(
        { dockerfile, top: '/w', sources, manifests: () => manifests },
        disk(['/w/package.json', '/w/main.js', ...paths]),
      );
    const docker = '/w/docker/Dockerfile';
    const reason = 'the nearest folder that has the manifests of what the Dockerfile installs';
    assert.deepEqual(await at(docker, ['/w/docker/start.sh'], ['package.json']), { folder: '/w', reason });
    assert.equal((await at(docker, ['/w/docker/start.sh'], ['package.json', 'yarn.lock'])).folder, '/w/docker');
    assert.equal((await at(docker, ['/w/docker/start.sh'], ['package.json'], ['.', 'start.sh'])).folder, '/w/docker');
    assert.equal((await at(docker, ['/w/docker/package.json.hbs'], ['package.json'])).folder, '/w/docker');
    assert.equal((await at('/w/vendor/x/Dockerfile', ['/w/vendor/x/x.js'], ['package.json'])).folder, '/w/vendor/x');
    const api = '/w/api/Dockerfile';
    assert.equal((await at(api, ['/w/api/package.json'], ['api/package.json'])).folder, '/w');
    assert.equal((await at(api, ['/w/api/package.json'], ['package.json', 'package-lock.json'])).folder, '/w/api');
  });

  it('is the folder above from which a RUN names a file', async () => {
    const at = (named: string[], paths: string[] = [], sources = ['.']) =>
      chooseContext(
        { dockerfile: '/w/pkg/proxy/Dockerfile', top: '/w', sources, named: () => named },
        disk(['/w/pkg/proxy/pubspec.yaml', '/w/pkg/proxy/bin/server.dart', ...paths]),
      );
    const file = 'pkg/proxy/bin/server.dart';
    assert.deepEqual(await at([file]), {
      folder: '/w',
      reason: 'the folder from which a RUN or WORKDIR names its files',
    });
    assert.equal((await at(['pkg/proxy'])).folder, '/w');
    const beside = { folder: '/w/pkg/proxy', reason: "the Dockerfile's folder" };
    assert.deepEqual(await at([file], [], ['bin']), beside);
    assert.deepEqual(await at([file], [`/w/pkg/proxy/${file}`]), beside);
    assert.deepEqual(await at(['pkg/proxy/bin/gone.dart', 'bin/server.dart', 'proxy/bin/server.dart']), beside);
  });

  it('is the nearest folder that has most where none has all', async () => {
    const reason = 'the nearest folder that has most of what the Dockerfile copies';
    assert.deepEqual(await choose(['go.mod', 'src', 'dist']), { folder: '/w', reason });
    assert.deepEqual(await choose(['start.sh', 'dist', 'go.mod']), own);
    assert.deepEqual(await choose(['nothing']), own);
  });

  it('is a folder above where everything is copied and there is nothing beside the Dockerfile', async () => {
    const at = (paths: string[], sources: string[]) =>
      chooseContext({ dockerfile: '/w/hack/docker/a.Dockerfile', top: '/w', sources }, disk(['/w/main.go', ...paths]));
    const files = ['/w/hack/docker/a.Dockerfile', '/w/hack/docker/b.Dockerfile'];
    const reason = "the Dockerfile's own folder holds nothing else";
    assert.deepEqual(await at(files, ['.']), { folder: '/w', reason });
    assert.deepEqual(await at([...files, '/w/hack/.dockerignore'], ['.', '/']), { folder: '/w/hack', reason });
    assert.equal((await at([...files, '/w/hack/docker/start.sh'], ['.'])).folder, '/w/hack/docker');
    assert.equal((await at(files, [])).folder, '/w/hack/docker');
    const alone = await chooseContext(
      { dockerfile: '/w/Dockerfile', top: '/w', sources: ['.'] },
      disk(['/w/Dockerfile']),
    );
    assert.deepEqual(alone, { folder: '/w', reason: "the Dockerfile's folder" });
  });

  it('does not look above the top', async () => {
    assert.deepEqual(await choose(['other/x']), own);
    assert.deepEqual(await choose(['src'], { top: '/w/services' }), own);
    assert.deepEqual(await choose(['src'], { top: '/elsewhere' }), own);
  });

  it('is what is set', async () => {
    const reason = 'set by cacheLens.contexts';
    assert.deepEqual(await choose([], { configured: { 'services/*/Dockerfile': '.' } }), { folder: '/w', reason });
    assert.deepEqual(await choose([], { configured: { '**/Dockerfile': 'src' } }), { folder: '/w/src', reason });
    assert.deepEqual(await choose([], { configured: { '**/Dockerfile': '/other' } }), { folder: '/other', reason });
    assert.deepEqual(await choose([], { configured: { Dockerfile: 'src' } }), own);
  });
});

describe('what a Dockerfile reads from its context', () => {
  it('leaves out other stages, URLs, heredocs and what variables decide', () => {
    const text = `ARG V
FROM a AS b
COPY package.json ./src/ /app/
COPY --from=b /x /y
COPY $V/file /z
ADD https://example.com/a.tar /
COPY <<EOF /f
text
EOF
COPY --parents pkgs/**/go.mod /w/
RUN --mount=type=bind,source=go.mod,target=/go.mod --mount=type=bind,from=b,source=q,target=/q true
ADD package.json /
`;
    const graph = buildGraph(parseDockerfile(text), { args: {} });
    assert.deepEqual(contextSources(graph), ['package.json', './src/', 'pkgs', 'go.mod']);
  });
});

describe('paths', () => {
  it('are seen from a folder', () => {
    assert.equal(relativePath('/w', '/w/a/b'), 'a/b');
    assert.equal(relativePath('/w/c', '/w/a/b'), '../a/b');
    assert.equal(relativePath('/w', '/w'), '');
    assert.equal(relativePath('/', '/w/a'), 'w/a');
  });

  it('of ignore files: the one beside the Dockerfile first', () =>
    assert.deepEqual(ignoreFiles('/w/docker/api.Dockerfile', '/w'), [
      '/w/docker/api.Dockerfile.dockerignore',
      '/w/.dockerignore',
    ]));
});

describe('the paths that RUNs name', () => {
  it('are relative paths of files a few folders down', () => {
    const text =
      'FROM dart\nRUN dart compile exe pkg/proxy/bin/server.dart -o server && ls /a/b/c ./a/b/c $A/b/c a/b\n';
    assert.deepEqual(pathsNamed(buildGraph(parseDockerfile(text), { args: {} })), ['pkg/proxy/bin/server.dart']);
  });

  it('are the folders of the context that a WORKDIR goes into as well', () => {
    const text = 'FROM golang\nWORKDIR /app\nCOPY . .\nWORKDIR /app/cmd/proxy\nWORKDIR /srv/cmd/proxy\nRUN go build\n';
    assert.deepEqual(pathsNamed(buildGraph(parseDockerfile(text), { args: {} })), ['cmd/proxy']);
  });
});

describe('the manifests that a copy of the whole context must bring', () => {
  const needed = (rest: string) =>
    manifestsInContext(buildGraph(parseDockerfile(`FROM node\nWORKDIR /app\n${rest}\n`), { args: {} }));

  it('are those of installs in it, by their paths in the context', () => {
    assert.deepEqual(needed('COPY . .\nRUN npm install'), ['package.json']);
    assert.deepEqual(needed('COPY . /\nRUN pip install -r requirements.txt'), ['app/requirements.txt']);
    assert.deepEqual(needed('ADD ./ ./\nRUN cd web && go build ./...'), ['web/go.mod']);
  });

  it('are none of installs elsewhere, of tools, or of named packages', () => {
    assert.deepEqual(needed('COPY . /srv\nRUN npm install'), []);
    assert.deepEqual(needed('COPY package.json ./\nRUN npm install'), []);
    assert.deepEqual(needed('RUN npm install\nCOPY . .'), []);
    assert.deepEqual(needed('COPY . .\nRUN npm install -g pnpm && pip install flask && go install x.org/y@latest'), []);
    assert.deepEqual(needed('COPY . .\nRUN go mod init app && go mod tidy && go build'), []);
  });
});
