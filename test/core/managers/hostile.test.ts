import assert from 'node:assert/strict';
import { managers } from '../../../server/src/core/managers/index.ts';
import { contextOf, inputsOf, invocationIn } from './support.ts';

/** A call of each manager that reads manifests, and the manifests it reads. */
const calls: Readonly<Record<string, readonly [run: string, ...files: string[]]>> = {
  npm: ['npm ci', 'package.json', '.npmrc'],
  yarn: ['yarn', 'package.json', 'yarn.lock', '.yarnrc', '.yarnrc.yml'],
  pnpm: ['pnpm i', 'package.json', 'pnpm-workspace.yaml', '.pnpmfile.cjs'],
  bun: ['bun install', 'package.json', 'bunfig.toml'],
  deno: ['deno install', 'deno.json'],
  pip: ['pip install -r r.txt', 'r.txt'],
  pipenv: ['pipenv sync', 'Pipfile'],
  poetry: ['poetry install', 'pyproject.toml'],
  uv: ['uv sync', 'pyproject.toml'],
  pdm: ['pdm sync', 'pyproject.toml'],
  conda: ['conda env create', 'environment.yml'],
  go: ['go mod download', 'go.mod', 'go.work'],
  cargo: ['cargo fetch', 'Cargo.toml'],
  maven: ['mvn dependency:go-offline', 'pom.xml'],
  gradle: ['gradle dependencies', 'build.gradle', 'settings.gradle'],
  sbt: ['sbt update', 'build.sbt'],
  dotnet: ['dotnet restore a.sln', 'a.sln', 'NuGet.config'],
  composer: ['composer install', 'composer.json'],
  bundler: ['bundle install', 'Gemfile'],
  mix: ['mix deps.get', 'mix.exs'],
  cabal: ['cabal build --only-dependencies', 'a.cabal', 'cabal.project'],
  stack: ['stack build --only-dependencies', 'stack.yaml'],
  swift: ['swift package resolve', 'Package.swift'],
  conan: ['conan install .', 'conanfile.txt'],
  vcpkg: ['vcpkg install', 'vcpkg.json', 'vcpkg-configuration.json'],
  renv: ['R -e "renv::restore()"', 'renv.lock', '.Rprofile'],
  dart: ['dart pub get', 'pubspec.yaml'],
  julia: ["julia -e 'Pkg.instantiate()'", 'Project.toml', 'Manifest.toml'],
  lein: ['lein deps', 'project.clj'],
  opam: ['opam install . --deps-only', 'a.opam'],
  cpanm: ['cpanm --installdeps .', 'cpanfile'],
  luarocks: ['luarocks install a.rockspec', 'a.rockspec'],
};

const texts = [
  '\0',
  '{',
  '[',
  '"',
  '<!--',
  '/*',
  '\n',
  ' ',
  'a: &a [*a, *a]\n',
  '- ',
  '? ',
  '$(',
  '-r ',
  '<parent>',
  'include "a"',
  '[[',
  '\uD800',
];

describe('hostile manifests', () => {
  it('are tried with every manager that reads any', () => {
    const reading = managers.filter((manager) => manager.inputs).map(({ id }) => id);
    assert.deepEqual(Object.keys(calls).sort(), reading.sort());
  });

  for (const [id, [run, ...files]] of Object.entries(calls))
    it(`${id} neither throws nor hangs`, function () {
      this.timeout(20_000);
      const { manager, call } = invocationIn(run);
      assert.equal(manager.id, id);
      for (const text of texts)
        for (const file of files) {
          const context = contextOf({
            ...Object.fromEntries(files.map((each) => [each, ''])),
            [file]: text.repeat(5_000),
          });
          assert.ok(manager.inputs?.(call, '', context));
          manager.caches(call, { directory: '', context });
          manager.lock?.(call, { directory: '', context });
        }
    });

  it('are the same when nothing of them is there', () => {
    for (const [run] of Object.values(calls))
      assert.ok(inputsOf(run, {}).obstacles.length > 0 || /^(cpanm|deno)/.test(run), run);
  });

  it('may refer to each other in circles', () => {
    const circles = {
      'a/package.json': '{"dependencies":{"b":"file:../b"}}',
      'b/package.json': '{"dependencies":{"a":"file:../a"}}',
      'package.json': '{"dependencies":{"a":"file:a"}}',
      'package-lock.json': '',
    };
    assert.deepEqual(inputsOf('npm ci', circles).files, Object.keys(circles).sort());
    const poms = { 'pom.xml': '<module>a</module>', 'a/pom.xml': '<module>..</module>' };
    assert.deepEqual(inputsOf('mvn dependency:go-offline', poms).files, ['a/pom.xml', 'pom.xml']);
    const crates = {
      'Cargo.toml': '[dependencies]\na = { path = "a" }\n',
      'a/Cargo.toml': '[dependencies]\nx = { path = ".." }\n',
    };
    assert.deepEqual(inputsOf('cargo fetch', crates).files, ['Cargo.toml', 'a/Cargo.toml']);
  });
});

describe('patterns of rm', () => {
  it('with many wildcards take no time', () => {
    const run = `RUN pip install x && rm -rf /${'a*'.repeat(30)}b /${'[a]*'.repeat(30)}b`;
    const dockerfile = `FROM python:3.13\nENV PIP_CACHE_DIR=/${'a'.repeat(5_000)}/b\n${run}\n`;
    assert.equal(invocationIn(dockerfile).manager.id, 'pip');
  }).timeout(2_000);
});
