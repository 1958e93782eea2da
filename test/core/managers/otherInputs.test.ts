import { type Case, checkAll } from './inputCases.ts';

const others: Readonly<Record<string, Case>> = {
  'mix: manifest and lock': {
    run: 'mix deps.get',
    files: { 'mix.exs': '', 'mix.lock': '', 'config/config.exs': '', 'lib/a.ex': '' },
    reads: ['mix.exs', 'mix.lock'],
  },
  'mix: configuration to compile': {
    run: 'mix do deps.get, deps.compile',
    files: { 'mix.exs': '', 'mix.lock': '', 'config/config.exs': '', 'config/prod.exs': '', 'config/runtime.exs': '' },
    reads: ['config/config.exs', 'config/prod.exs', 'mix.exs', 'mix.lock'],
  },
  'mix: umbrella and paths': {
    run: 'mix deps.get',
    files: { 'mix.exs': 'apps_path: "apps"', 'apps/a/mix.exs': '{:b, path: "../../b"}', 'b/mix.exs': '' },
    reads: ['apps/a/mix.exs', 'b/mix.exs', 'mix.exs'],
  },
  'mix: files and programs': {
    run: 'mix deps.get',
    files: { 'mix.exs': '@version File.read!("VERSION")\nSystem.cmd("git", [])', VERSION: '' },
    reads: ['VERSION', 'mix.exs'],
    says: [/starts other programs/],
  },
  cabal: {
    run: 'cabal build --only-dependencies',
    files: { 'a.cabal': 'build-type: Simple', 'cabal.project': 'packages: .', 'src/A.hs': '' },
    reads: ['a.cabal', 'cabal.project'],
  },
  stack: {
    run: 'stack build --only-dependencies',
    files: { 'stack.yaml': '', 'stack.yaml.lock': '', 'package.yaml': '', 'src/A.hs': '' },
    reads: ['package.yaml', 'stack.yaml', 'stack.yaml.lock'],
  },
  swift: {
    run: 'swift package resolve',
    files: { 'Package.swift': '', 'Package.resolved': '', 'Sources/a.swift': '' },
    reads: ['Package.resolved', 'Package.swift'],
  },
  'swift: packages by path': {
    run: 'swift package resolve',
    files: { 'Package.swift': '.package(path: "../x")' },
    reads: ['Package.swift'],
    says: [/folders of the project/],
  },
  'conan: a list': {
    run: 'conan install .',
    files: { 'conanfile.txt': '', 'conan.lock': '' },
    reads: ['conan.lock', 'conanfile.txt'],
  },
  'conan: a program': {
    run: 'conan install . -pr ci/profile',
    files: { 'conanfile.py': '', 'ci/profile': '' },
    reads: ['ci/profile', 'conanfile.py'],
    says: [/program/],
  },
  'vcpkg: a manifest with overlays': {
    run: 'vcpkg install',
    files: {
      'vcpkg.json': '{}',
      'vcpkg-configuration.json': '{"overlay-ports":["./ports"]}',
      'ports/a/portfile.cmake': '',
    },
    reads: ['ports/a/portfile.cmake', 'vcpkg-configuration.json', 'vcpkg.json'],
  },
  'vcpkg: names only': { run: 'vcpkg install fmt', files: { 'vcpkg.json': '{}' }, reads: [] },
  renv: {
    run: 'R -e "renv::restore()"',
    files: {
      'renv.lock': '',
      '.Rprofile': 'source("renv/activate.R")',
      'renv/activate.R': '',
      'renv/settings.json': '',
      'renv/library/x': '',
    },
    reads: ['.Rprofile', 'renv.lock', 'renv/activate.R', 'renv/settings.json'],
  },
  'renv: a profile that runs more': {
    run: 'R -e "renv::restore()"',
    files: { 'renv.lock': '', '.Rprofile': 'source("setup.R")' },
    reads: ['.Rprofile', 'renv.lock'],
    says: [/runs other files/],
  },
  'pub: pubspecs of paths': {
    run: 'dart pub get',
    files: {
      'pubspec.yaml': 'dependencies:\n  x:\n    path: x\n',
      'pubspec.lock': '',
      'x/pubspec.yaml': '',
      'x/lib/x.dart': '',
    },
    reads: ['pubspec.lock', 'pubspec.yaml', 'x/pubspec.yaml'],
  },
  julia: {
    run: "julia -e 'using Pkg; Pkg.instantiate()'",
    files: { 'Project.toml': '[deps]', 'Manifest.toml': '' },
    reads: ['Manifest.toml', 'Project.toml'],
  },
  'julia: a package': {
    run: "julia -e 'using Pkg; Pkg.instantiate()'",
    files: { 'Project.toml': 'uuid = "1"' },
    reads: ['Project.toml'],
    says: [/is a package/],
  },
  lein: { run: 'lein deps', files: { 'project.clj': '(defproject x)', 'src/x.clj': '' }, reads: ['project.clj'] },
  opam: {
    run: 'opam install . --deps-only',
    files: { 'x.opam': '', 'dune-project': '', 'a/b/y.opam': '' },
    reads: ['x.opam'],
  },
  'cpanm: dependencies': {
    run: 'cpanm --installdeps .',
    files: { cpanfile: 'requires "X";', 'cpanfile.snapshot': '' },
    reads: ['cpanfile', 'cpanfile.snapshot'],
  },
  'cpanm: names only': { run: 'cpanm Moose', files: { cpanfile: '' }, reads: [] },
  'luarocks: a rockspec': {
    run: 'luarocks install --only-deps x.rockspec',
    files: { 'x.rockspec': '' },
    reads: ['x.rockspec'],
  },
  'pub: workspaces': {
    run: 'dart pub get',
    files: { 'pubspec.yaml': 'workspace:\n  - packages/a\n', 'packages/a/pubspec.yaml': '' },
    reads: ['packages/a/pubspec.yaml', 'pubspec.yaml'],
  },
};

describe('what the other managers read', () => checkAll(others));
