import assert from 'node:assert/strict';
import { contextOf, invocationIn, invocationsIn } from './support.ts';

/** A whole Dockerfile's only call, as `image | what comes before | command`. */
const dockerfile = (written: string): string => {
  const [image, ...lines] = written.split(' | ');
  const command = lines.pop();
  return [`FROM ${image}`, 'WORKDIR /app', ...lines, `RUN ${command}`, ''].join('\n');
};

const known: Readonly<Record<string, readonly string[]>> = {
  'node:22 | npm ci': ['/root/.npm'],
  'node:22 | USER node | npm ci': ['/home/node/.npm'],
  'node:22 | USER 1000 | npm ci': ['/home/node/.npm'],
  'node:22 | ENV npm_config_cache=/c | npm ci': ['/c'],
  'node:22 | npm ci --cache /tmp/n': ['/tmp/n'],
  'node:22 | npm ci --cache .npm': ['/app/.npm'],
  'node:22 | HOME=/srv npm ci': ['/srv/.npm'],
  'node:22 | export npm_config_cache=/c; npm ci': ['/c'],
  'docker.io/library/node@sha256:abc | USER node | npm ci': ['/home/node/.npm'],
  'debian:12 | RUN useradd -m -u 1001 app | USER app | npm ci': ['/home/app/.npm'],
  'alpine | RUN adduser -D -h /srv app | USER app | npm ci': ['/srv/.npm'],
  'node:22 | yarn install --frozen-lockfile --production': ['/usr/local/share/.cache/yarn'],
  'node:22 | USER node | yarn install --production': ['/home/node/.cache/yarn'],
  'node:22 | ENV XDG_CACHE_HOME=/c | yarn --production': ['/c/yarn'],
  'node:22 | pnpm i': ['/root/.local/share/pnpm/store'],
  'node:22 | ENV PNPM_HOME=/pnpm | pnpm i': ['/pnpm/store'],
  'node:22 | pnpm i --store-dir=/s': ['/s'],
  'ghcr.io/pnpm/pnpm:9 | pnpm i': ['/pnpm/store'],
  'oven/bun:1 | bun install': ['/root/.bun/install/cache'],
  'denoland/deno:2 | deno install': ['/deno-dir'],
  'python:3.12 | pip install -r r.txt': ['/root/.cache/pip'],
  'python:3.12 | ENV PIP_CACHE_DIR=/c | pip install -r r.txt': ['/c'],
  'python:3.12 | pipenv sync': ['/root/.cache/pipenv', '/root/.cache/pip'],
  'python:3.12 | poetry install': ['/root/.cache/pypoetry/cache', '/root/.cache/pypoetry/artifacts'],
  'python:3.12 | ENV POETRY_CACHE_DIR=/p | poetry install': ['/p/cache', '/p/artifacts'],
  'python:3.12 | uv sync': ['/root/.cache/uv'],
  'python:3.12 | ENV UV_CACHE_DIR=/u | uv pip install -r r.txt': ['/u'],
  'python:3.12 | pdm sync': ['/root/.cache/pdm'],
  'continuumio/miniconda3 | conda env create': ['/opt/conda/pkgs'],
  'mambaorg/micromamba | micromamba install -f e.yml': ['/opt/conda/pkgs'],
  'debian:12 | apt-get update': ['/var/cache/apt', '/var/lib/apt'],
  'alpine | apk add git': ['/etc/apk/cache'],
  'fedora:40 | dnf install -y git': ['/var/cache/dnf'],
  'fedora:42 | dnf install -y git': ['/var/cache/libdnf5'],
  'quay.io/fedora/s2i-core:42 | dnf install -y git': ['/var/cache/libdnf5'],
  'quay.io/fedora/s2i-core:40 | dnf install -y git': ['/var/cache/dnf'],
  'python:3.13 | pip install /wheels/*.whl': [],
  'python:3.13 | pip install -U /opt/wheelhouse/*': [],
  'python:3.13 | pip install dist/*.whl': ['/root/.cache/pip'],
  'python:3.13 | pip install dist/app.whl': ['/root/.cache/pip'],
  'python:3.13 | pip install /wheels/*.whl -r requirements.txt': ['/root/.cache/pip'],
  'centos:7 | yum install -y git': ['/var/cache/yum'],
  'amazonlinux:2 | yum install -y git': ['/var/cache/yum'],
  'oraclelinux:7-slim | yum install -y git': ['/var/cache/yum'],
  'oraclelinux:8 | yum install -y git': ['/var/cache/dnf'],
  'quay.io/centos/centos:centos7 | yum install -y git': ['/var/cache/yum'],
  'registry.access.redhat.com/ubi7/ubi | yum install -y git': ['/var/cache/yum'],
  'amazonlinux:2023 | yum install -y git': ['/var/cache/dnf'],
  'rockylinux:9 | yum install -y git': ['/var/cache/dnf'],
  'registry.access.redhat.com/ubi9/ubi | yum install -y git': ['/var/cache/dnf'],
  'opensuse/leap | zypper in git': ['/var/cache/zypp'],
  'archlinux | pacman -Syu git': ['/var/cache/pacman/pkg'],
  'golang:1.24 | go mod download': ['/go/pkg/mod'],
  'golang:1.24 | go build ./...': ['/go/pkg/mod', '/root/.cache/go-build'],
  'golang:1.24 | ENV GOMODCACHE=/m GOCACHE=/b | go build': ['/m', '/b'],
  'alpine | go build': ['/root/go/pkg/mod', '/root/.cache/go-build'],
  'alpine | ENV GOPATH=/a:/b | go mod download': ['/a/pkg/mod'],
  'golang | go build -mod=vendor': ['/root/.cache/go-build'],
  'rust:1 | cargo fetch': ['/usr/local/cargo/registry', '/usr/local/cargo/git/db'],
  'rust:1 | cargo build': ['/usr/local/cargo/registry', '/usr/local/cargo/git/db', '/app/target'],
  'rust:1 | ENV CARGO_TARGET_DIR=/t | cargo build': ['/usr/local/cargo/registry', '/usr/local/cargo/git/db', '/t'],
  'maven:3 | mvn dependency:go-offline': ['/root/.m2/repository'],
  'maven:3 | mvn -Dmaven.repo.local=/r package': ['/r'],
  'gradle:8 | gradle dependencies': ['/home/gradle/.gradle/caches'],
  'eclipse-temurin:21 | ./gradlew build': ['/root/.gradle/caches', '/root/.gradle/wrapper'],
  'eclipse-temurin:21 | ENV GRADLE_USER_HOME=/g | ./gradlew build': ['/g/caches', '/g/wrapper'],
  'eclipse-temurin:21 | sbt update': ['/root/.cache/coursier/v1'],
  'mcr.microsoft.com/dotnet/sdk:9.0 | dotnet restore': ['/root/.nuget/packages'],
  'mcr.microsoft.com/dotnet/sdk:9.0 | USER app | dotnet restore': ['/home/app/.nuget/packages'],
  'mcr.microsoft.com/dotnet/sdk:9.0 | USER $APP_UID | dotnet restore': ['/home/app/.nuget/packages'],
  'quay.io/jupyter/base-notebook | USER root | USER $NB_UID | pip install x': ['/home/jovyan/.cache/pip'],
  'ocaml/opam:debian-13-ocaml-4.14 | opam install --deps-only .': ['/home/opam/.opam/download-cache'],
  'ghcr.io/actions/actions-runner | pip install x': ['/home/runner/.cache/pip'],
  'jenkins/inbound-agent | npm i -g x': ['/home/jenkins/.npm'],
  'ruby | gem install bundler -v 2.5.17': [],
  'ruby | gem install bundler rake': ['/usr/local/bundle/cache'],
  'example.com/root | COPY --chown=app . . | RUN apt-get update | RUN sudo -u app ls | npm ci': ['/root/.npm'],
  'example.com/root | RUN sudo -E -u app ls | npm ci': ['/root/.npm'],
  'quay.io/jupyter/base-notebook | pip install x': ['/home/jovyan/.cache/pip'],
  'quay.io/jupyter/base-notebook | mamba install x': ['/opt/conda/pkgs'],
  'registry.example.com/library/golang:1 | go mod download': ['/go/pkg/mod'],
  'lukemathwalker/cargo-chef | cargo fetch': ['/usr/local/cargo/registry', '/usr/local/cargo/git/db'],
  'example.com/app | USER node | npm ci': ['/home/node/.npm'],
  'composer:2 | composer install': ['/tmp/cache'],
  'php:8 | ENV COMPOSER_HOME=/c | composer install': ['/c/cache'],
  'php:8 | composer install': ['/root/.cache/composer'],
  'ruby:3.3 | bundle install': ['/usr/local/bundle/cache'],
  'ruby:3.3 | gem install rake': ['/usr/local/bundle/cache'],
  'elixir:1.17 | mix deps.get': ['/root/.hex/packages'],
  'elixir:1.17 | mix deps.compile': ['/root/.cache/rebar3'],
  'elixir:1.17 | mix do deps.get + compile': ['/root/.hex/packages', '/root/.cache/rebar3'],
  'elixir:1.17 | mix archive.install hex phx_new': ['/root/.hex/packages'],
  'elixir:1.17 | mix release': [],
  'elixir:1.17 | mix local.hex --force': [],
  'haskell:9 | stack build': ['/root/.stack'],
  'swift:6 | swift build': ['/app/.build'],
  'debian:12 | conan install .': ['/root/.conan2/p'],
  'debian:12 | vcpkg install': ['/root/.cache/vcpkg/archives'],
  'debian:12 | ENV CCACHE_DIR=/cc | ccache gcc -c a.c': ['/cc'],
  'debian:12 | sccache gcc -c a.c': ['/root/.cache/sccache'],
  'rocker/r-ver:4 | R -e "renv::restore()"': ['/renv/cache'],
  'dart:3 | dart pub get': ['/root/.pub-cache'],
};

const unknown: Readonly<Record<string, RegExp>> = {
  'node:22 | USER app | npm ci': /user app/,
  'node:22 | ARG U | USER $U | npm ci': /home/,
  'cgr.dev/chainguard/node:latest | npm ci': /user of its own/,
  'example.com/gpu | COPY --chown=app:app . . | uv pip install x': /seems to run as a user of its own/,
  'example.com/gpu | RUN sudo apt-get update | uv pip install x': /seems to run as a user of its own/,
  'node:22 | ARG C | ENV npm_config_cache=$C/x | npm ci --cache $NOWHERE': /not known/,
  'node:22 | yarn install': /yarn 1 or a later one/,
  'example.com/build:1 | go mod download': /GOPATH/,
  'example.com/build:1 | cargo fetch': /CARGO_HOME/,
  'debian:12 | conda install x': /not known/,
  'ruby:3.3 | ENV BUNDLE_PATH=vendor/bundle | bundle install': /vendor\/bundle/,
  'ruby:3.3 | RUN bundle config set --local path /gems | bundle install': /\/gems/,
  'haskell:9 | cabal build --only-dependencies': /\.cabal/,
  'example.com/x | yum install y': /yum is dnf/,
};

describe('where caches are', () => {
  for (const [written, expected] of Object.entries(known))
    it(`${written} → ${expected.join(', ')}`, () => {
      const { manager, call } = lastIn(dockerfile(written));
      assert.deepEqual(
        manager.caches(call).map(({ path }) => path),
        expected,
      );
    });

  for (const [written, reason] of Object.entries(unknown))
    it(`${written} is not known, and why is said`, () => {
      const { manager, call } = lastIn(dockerfile(written));
      const [first] = manager.caches(call);
      assert.equal(first?.path, undefined);
      assert.match(first?.reason ?? '', reason);
    });

  it('takes a return to root for a sign that the image is another user', () => {
    const [before, after] = invocationsIn(
      'FROM example.com/gpu\nRUN uv pip install x\nUSER root\nRUN uv pip install y\n',
    );
    assert.deepEqual(
      [before, after].map((each) => each?.manager.caches(each.call)[0]?.path),
      [undefined, '/root/.cache/uv'],
    );
  });

  it('looks at the project for yarn', () => {
    const at = (files: Record<string, string>): unknown => {
      const { manager, call } = invocationIn('FROM node:22\nWORKDIR /app\nRUN yarn install\n');
      return manager.caches(call, { directory: '', context: contextOf(files) })[0]?.path;
    };
    assert.equal(at({ 'yarn.lock': '# yarn lockfile v1\n' }), '/usr/local/share/.cache/yarn');
    assert.equal(at({ 'package.json': '{"packageManager":"yarn@4.1.0"}' }), '/root/.yarn/berry/cache');
    assert.equal(at({ 'package.json': '{"packageManager":"yarn@3.6.0"}' }), '/app/.yarn/cache');
    assert.equal(
      at({ 'package.json': '{"packageManager":"yarn@4.1.0"}', '.yarnrc.yml': 'enableGlobalCache: false\n' }),
      '/app/.yarn/cache',
    );
  });

  it('classifies', () => {
    const classOf = (text: string) =>
      invocationIn(text)
        .manager.caches(invocationIn(text).call)
        .map((each) => `${each.class} ${each.sharing}`);
    assert.deepEqual(classOf('npm ci'), ['A shared']);
    assert.deepEqual(classOf('apt-get update'), ['A locked', 'A locked']);
    assert.deepEqual(classOf('dotnet restore'), ['B shared']);
    assert.deepEqual(classOf('FROM rust\nRUN cargo build\n'), ['B shared', 'B shared', 'C locked']);
  });
});

/** The last call: those that prepare the image come first. */
function lastIn(text: string) {
  const found = invocationsIn(text).at(-1);
  assert.ok(found, text);
  return found;
}
