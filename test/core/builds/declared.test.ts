// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files have templates of their own
import assert from 'node:assert/strict';
import { buildFileKind, type DeclaredBuild, declaredBuilds } from '../../../server/src/core/builds/declared.ts';

const read = (file: string, text: string): DeclaredBuild[] => declaredBuilds(`/w/${file}`, text, '/w');
const brief = ({ dockerfile, context, target, args, named, reason }: DeclaredBuild) => ({
  dockerfile: dockerfile.slice(3),
  context: context.slice(3),
  target,
  args: Object.fromEntries(args),
  named,
  reason,
});
const places = (file: string, text: string): string[] =>
  read(file, text).map(({ dockerfile, context }) => `${dockerfile.slice(2)} in ${context.slice(2) || '/'}`);

describe('builds that the workspace describes', () => {
  it('are looked for in files by their names', () => {
    const kinds: Record<string, string> = {
      'compose.yaml': 'compose',
      'deploy/docker-compose.yml': 'compose',
      'docker-compose.dev.yml': 'compose',
      'docker-bake.hcl': 'bake',
      'ci/docker-bake.override.json': 'bake',
      '.devcontainer/devcontainer.json': 'devcontainer',
      '.devcontainer/python/devcontainer.json': 'devcontainer',
      '.devcontainer.json': 'devcontainer',
      '.github/workflows/ci.yaml': 'workflow',
    };
    for (const [path, kind] of Object.entries(kinds)) assert.equal(buildFileKind(`/w/${path}`), kind, path);
    for (const path of ['composer.json', 'values.yaml', '.github/x.yml', 'devcontainer.json', 'bake.hcl'])
      assert.equal(buildFileKind(`/w/${path}`), undefined, path);
  });

  describe('in compose files', () => {
    it('have a folder, or a context with a Dockerfile, target, arguments and further contexts', () => {
      const text = `
services:
  web:
    build: ./web
  api:
    image: api
    build:
      context: .
      dockerfile: api/Dockerfile
      target: prod
      args: { VERSION: "1.2", COUNT: 3, SHA: "\${SHA}", NONE: }
      additional_contexts:
        - base=docker-image://alpine
  worker:
    build: { dockerfile: worker.Dockerfile, args: [A=1, B] }
  db:
    image: postgres
`;
      assert.deepEqual(read('deploy/compose.yaml', text).map(brief), [
        {
          dockerfile: 'deploy/web/Dockerfile',
          context: 'deploy/web',
          target: undefined,
          args: {},
          named: [],
          reason: 'build of service web in deploy/compose.yaml',
        },
        {
          dockerfile: 'deploy/api/Dockerfile',
          context: 'deploy',
          target: 'prod',
          args: { VERSION: '1.2', COUNT: '3', SHA: undefined, NONE: undefined },
          named: ['base'],
          reason: 'build.context of service api in deploy/compose.yaml',
        },
        {
          dockerfile: 'deploy/worker.Dockerfile',
          context: 'deploy',
          target: undefined,
          args: { A: '1', B: undefined },
          named: [],
          reason: 'build.context of service worker in deploy/compose.yaml',
        },
      ]);
    });

    it('take the default of a variable, and are left out where a variable cannot be known', () => {
      const build = (context: string) =>
        places('compose.yaml', `services:\n  a:\n    build:\n      context: ${context}\n`);
      assert.deepEqual(build('${DIR:-app}'), ['/app/Dockerfile in /app']);
      assert.deepEqual(build('"${DIR-app}/x"'), ['/app/x/Dockerfile in /app/x']);
      assert.deepEqual(build('$$a'), ['/$a/Dockerfile in /$a']);
      for (const open of ['$DIR', '${DIR}', '${DIR:?must}', '"${DIR:-${OTHER}}"', '"${"'])
        assert.deepEqual(build(open), [], open);
    });

    it('are merged from anchors', () => {
      const text = `
x-build: &build
  context: app
  args: { A: x }
services:
  one:
    build:
      <<: *build
      target: one
  two: &two
    build: { <<: *build, context: other }
  three:
    <<: *two
`;
      assert.deepEqual(
        read('compose.yaml', text).map(({ context, target, args }) => [context, target, args.get('A')]),
        [
          ['/w/app', 'one', 'x'],
          ['/w/other', undefined, 'x'],
          ['/w/other', undefined, 'x'],
        ],
      );
    });

    it('need a context of their own in files that are laid over others', () => {
      const text = 'services:\n  a:\n    build:\n      target: dev\n  b:\n    build: { context: b, target: dev }\n';
      assert.deepEqual(places('docker-compose.dev.yml', text), ['/b/Dockerfile in /b']);
      assert.deepEqual(places('docker-compose.yml', text), ['/Dockerfile in /', '/b/Dockerfile in /b']);
    });

    it('are left out where they lead elsewhere', () => {
      for (const build of [
        '..',
        '/etc',
        'https://example.com/a.git',
        'git@example.com:a',
        '{ context: ., dockerfile: ../../Dockerfile }',
        '{ context: ., dockerfile_inline: FROM a }',
        '7',
        '[a]',
        'null',
      ])
        assert.deepEqual(places('compose.yaml', `services:\n  a:\n    build: ${build}\n`), [], build);
    });
  });

  describe('in bake files', () => {
    it('inherit, take the defaults of variables, and merge arguments', () => {
      const text = `
# comment
variable "DIR" { default = "app" }
variable "TAG" {}
group "default" { targets = ["app"] }
target "_common" {
  args = {
    A = "1"
    SHA = TAG // not known
  }
  platforms = ["linux/amd64", "linux/arm64"]
}
target "app" {
  inherits = ["_common"]
  context = DIR
  dockerfile = "docker/\${DIR}.Dockerfile"
  target = "prod"
  args = { B = "two\\n" }
  contexts = { base = "target:base" }
  tags = [for t in split(",", TAG) : "x:\${t}"]
  labels = TAG == "" ? {} : { a = "b" }
}
target "open" { context = TAG }
target "call" { context = replace("a", "b", "c") }
target "inline" { dockerfile-inline = "FROM a" }
`;
      assert.deepEqual(read('docker-bake.hcl', text).map(brief), [
        {
          dockerfile: 'app/docker/app.Dockerfile',
          context: 'app',
          target: 'prod',
          args: { A: '1', SHA: undefined, B: 'two\n' },
          named: ['base'],
          reason: 'context of target app in docker-bake.hcl',
        },
      ]);
    });

    it('are the same in JSON', () => {
      const text = JSON.stringify({
        variable: { DIR: { default: 'app' } },
        target: { app: { context: '${DIR}', args: { A: '${DIR}', B: 2 } }, b: { inherits: ['app'], dockerfile: 'x' } },
      });
      assert.deepEqual(places('docker-bake.json', text), ['/app/Dockerfile in /app', '/app/x in /app']);
      assert.deepEqual(Object.fromEntries(read('docker-bake.json', text)[0]?.args ?? []), { A: undefined, B: '2' });
    });
  });

  describe('in workflows', () => {
    const workflow = (step: string) => `jobs:\n  image:\n    steps:\n${step.replace(/^/gm, '      ')}\n`;
    const file = '.github/workflows/ci.yml';

    it('use docker/build-push-action', () => {
      const text = workflow(`- uses: actions/checkout@v4
- uses: docker/build-push-action@v6
  with:
    context: ./app
    file: docker/app.Dockerfile
    target: prod
    build-args: |
      A=1
      SHA=\${{ github.sha }}
    build-contexts: base=docker-image://alpine
- uses: docker/build-push-action@v6
- uses: docker/build-push-action@v6
  with: { context: "{{defaultContext}}:sub", file: x }
- uses: docker/build-push-action@v6
  with: { context: "\${{ github.workspace }}/b" }
- uses: docker/build-push-action@v6
  with: { context: "\${{ matrix.dir }}" }`);
      const [first, ...others] = read(file, text);
      assert.deepEqual(first && brief(first), {
        dockerfile: 'docker/app.Dockerfile',
        context: 'app',
        target: 'prod',
        args: { A: '1', SHA: undefined },
        named: ['base'],
        reason: 'context of job image in .github/workflows/ci.yml',
      });
      assert.deepEqual(
        others.map(({ dockerfile, context }) => [dockerfile, context]),
        [
          ['/w/Dockerfile', '/w'],
          ['/w/sub/x', '/w/sub'],
          ['/w/b/Dockerfile', '/w/b'],
        ],
      );
    });

    it('run docker build in scripts', () => {
      const run = (script: string, more = '') =>
        places(file, workflow(`- run: |\n${script.replace(/^/gm, '    ')}\n${more}`));
      assert.deepEqual(run('docker build .'), ['/Dockerfile in /']);
      assert.deepEqual(run('docker build -t "x:${{ github.sha }}" -f api/Dockerfile --no-cache ./'), [
        '/api/Dockerfile in /',
      ]);
      assert.deepEqual(run('docker buildx build --push \\\n  --platform linux/amd64 --file=a/D a'), ['/a/D in /a']);
      assert.deepEqual(run('sudo podman build x && docker image build y'), [
        '/x/Dockerfile in /x',
        '/y/Dockerfile in /y',
      ]);
      assert.deepEqual(run('docker build .', '  working-directory: sub'), ['/sub/Dockerfile in /sub']);
      for (const open of [
        'docker build $DIR',
        'cd app && docker build .',
        'docker build -',
        'docker build a b',
        'docker run x build .',
        'docker build -f $F .',
        'echo docker',
      ])
        assert.deepEqual(run(open), [], open);
      const [build] = read(
        file,
        workflow(
          '- run: docker build --target t --build-arg A=1 --build-arg B --build-arg "C=$X" --build-context n=. .',
        ),
      );
      assert.deepEqual(build && brief(build), {
        dockerfile: 'Dockerfile',
        context: '',
        target: 't',
        args: { A: '1', B: undefined, C: undefined },
        named: ['n'],
        reason: 'docker build of job image in .github/workflows/ci.yml',
      });
    });

    it('are left out where something else is checked out', () => {
      const checkout = (input: string) =>
        places(file, workflow(`- uses: actions/checkout@v4\n  with: { ${input} }\n- run: docker build .`));
      assert.deepEqual(checkout('path: src'), []);
      assert.deepEqual(checkout('repository: a/b'), []);
      assert.deepEqual(checkout('fetch-depth: 0'), ['/Dockerfile in /']);
    });
  });
});
