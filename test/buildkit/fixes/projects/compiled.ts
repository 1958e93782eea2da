import type { Files, Project } from '../project.ts';

const go = (name: string, files: Files, more: Partial<Project> = {}): Project => ({
  name: `go ${name}`,
  image: 'golang:1.23',
  files: {
    'go.mod': 'module example.com/app\n\ngo 1.23\n\nrequire example.com/left v1.0.0\n',
    'go.sum': 'example.com/left v1.0.0 h1:abc=\n',
    'main.go': 'package main\n',
    'internal/util.go': 'package internal\n',
    ...files,
  },
  installs: ['go mod download', 'go mod download && go mod verify', 'go mod download -x'],
  build: 'CGO_ENABLED=0 go build -o /out/app .',
  source: 'internal/util.go',
  output: '/out/app',
  env: ['CGO_ENABLED=0', 'GOMODCACHE=/opt/modules', 'GOFLAGS=-mod=readonly', 'GOCACHE=/opt/objects'],
  mounts: [
    'type=cache,target=/go/pkg/mod',
    'type=cache,target=/root/go/pkg/mod',
    'type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build',
  ],
  ...more,
});

const manifest = (name: string, ...lines: string[]): string =>
  ['[package]', `name = "${name}"`, 'version = "1.0.0"', ...lines, ''].join('\n');

const cargo = (name: string, files: Files, more: Partial<Project> = {}): Project => ({
  name: `cargo ${name}`,
  image: 'rust:1.83',
  files: {
    'Cargo.toml': manifest('app', '', '[dependencies]', 'left = "1"'),
    'Cargo.lock': 'version = 4\n',
    'src/main.rs': 'fn main() {}\n',
    'src/util.rs': 'util\n',
    ...files,
  },
  installs: ['cargo fetch --locked', 'cargo fetch', 'cargo install sqlx-cli'],
  build: 'cargo build --release --locked',
  source: 'src/util.rs',
  output: 'target/release/app',
  env: ['CARGO_HOME=/opt/cargo', 'CARGO_TARGET_DIR=/app/target'],
  mounts: [
    'type=cache,target=/usr/local/cargo/registry',
    'type=cache,target=/root/.cargo/registry',
    'type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git/db',
  ],
  ignore: 'target\n',
  leftovers: { 'target/release/app': 'old\n', 'target/release/deps/all': 'old\n' },
  ...more,
});

export const compiledProjects: readonly Project[] = [
  go('alone', {}),
  go('without dependencies', { 'go.mod': 'module example.com/app\n', 'go.sum': '' }),
  go('local replacement', {
    'go.mod': 'module example.com/app\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n',
    'lib/go.mod': 'module example.com/lib\n',
    'lib/lib.go': 'package lib\n',
  }),
  go('workspace', {
    'go.work': 'go 1.23\n\nuse (\n\t./api\n\t./worker\n)\n',
    'api/go.mod': 'module example.com/api\n',
    'api/go.sum': 'sum\n',
    'api/main.go': 'package main\n',
    'worker/go.mod': 'module example.com/worker\n',
    'worker/main.go': 'package main\n',
  }),
  go('vendored', {
    'vendor/modules.txt': '# example.com/left v1.0.0\n',
    'vendor/example.com/left/left.go': 'package left\n',
  }),
  go(
    'embedding',
    { 'main.go': 'package main\n\n//go:embed assets\nvar assets embed.FS\n', 'assets/index.html': '<html>\n' },
    { source: 'assets/index.html' },
  ),
  go(
    'with a tool',
    {},
    { installs: ['go install example.com/tool@v1.2.3 && go mod download', 'go install example.com/tool@v1.2.3'] },
  ),
  go('of Alpine', {}, { image: 'golang:1.23-alpine', build: 'go build -o /out/app ./...' }),
  cargo('alone', {}),
  cargo(
    'workspace',
    {
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n',
      'crates/core/Cargo.toml': manifest('core'),
      'crates/core/src/lib.rs': 'core\n',
      'crates/app/Cargo.toml': manifest('app', '[dependencies]', 'core = { path = "../core" }'),
      'crates/app/src/main.rs': 'fn main() {}\n',
    },
    { source: 'crates/core/src/lib.rs' },
  ),
  cargo('build script', {
    'Cargo.toml': manifest('app', 'build = "build.rs"', '', '[[bin]]', 'name = "app"', 'path = "src/main.rs"'),
    'build.rs': 'fn main() {}\n',
    'rust-toolchain.toml': '[toolchain]\nchannel = "1.83"\n',
    '.cargo/config.toml': '[build]\n',
  }),
  cargo(
    'chef',
    {},
    {
      installs: ['cargo chef prepare --recipe-path recipe.json && cargo chef cook --release --recipe-path recipe.json'],
    },
  ),
  cargo('itself', {}, { installs: ['cargo install --path .'], build: 'cargo build --release' }),
];
