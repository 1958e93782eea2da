import type { FixCase } from '../case.ts';
import { json } from '../project.ts';
import { flask, lock, manifest, node, written } from './parts.ts';

/** Files, steps and variables between a COPY and an install, in forms that tempt a fix. */
export const orderCases: readonly FixCase[] = [
  written(
    'the folder has another name in the image',
    ['FROM node:22', 'COPY web /srv/web', 'WORKDIR /srv/web', 'RUN npm ci', 'RUN npm run build'],
    {
      'web/package.json': manifest(),
      'web/package-lock.json': lock,
      'web/src/main.ts': 'main\n',
      '.dockerignore': '**/node_modules\n',
    },
    'web/src/main.ts',
  ),
  written(
    'the project is copied in pieces',
    [
      'FROM node:22',
      'WORKDIR /app',
      'COPY src ./src',
      'COPY package.json package-lock.json ./',
      'COPY tests ./tests',
      'RUN npm ci',
      'RUN npm run build',
    ],
    node,
  ),
  written(
    'a pattern brings more than the manifests',
    ['FROM node:22', 'WORKDIR /app', 'COPY *.json *.md ./', 'COPY src src', 'RUN npm ci', 'RUN npm run build'],
    node,
  ),
  written(
    'the working directory changes in between',
    [
      'FROM node:22',
      'WORKDIR /srv',
      'COPY . app',
      'WORKDIR app',
      'RUN npm ci',
      'WORKDIR /srv/app/src',
      'RUN cd .. && npm run build',
    ],
    node,
  ),
  written(
    'the destination is a variable',
    [
      'FROM node:22',
      'ENV APP_HOME=/opt/app',
      'WORKDIR $APP_HOME',
      'COPY . $APP_HOME/',
      'RUN npm ci',
      'RUN npm run build',
    ],
    node,
  ),
  written(
    'a step in between changes a manifest',
    [
      'FROM node:22',
      'WORKDIR /app',
      'COPY . .',
      'RUN sed -i s/1.0.0/1.0.1/ package.json',
      'RUN npm ci',
      'RUN npm run build',
    ],
    node,
  ),
  written(
    'a step in between makes a file from another',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN cp src/main.ts .npmrc', 'RUN npm ci', 'RUN npm run build'],
    node,
  ),
  written(
    'a step in between reads the sources',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN ls -R . > /listing', 'RUN npm ci', 'RUN npm run build'],
    node,
  ),
  written(
    'a step in between sets modes',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN chmod +x src/main.ts', 'RUN npm ci', 'RUN npm run build'],
    node,
  ),
  written(
    'modes and owners',
    ['FROM node:22', 'WORKDIR /app', 'COPY --chown=1000:1000 --chmod=750 . .', 'RUN npm ci', 'RUN npm run build'],
    {
      ...node,
      'package.json': { text: manifest(), mode: '600' },
      'run.sh': { text: 'run\n', mode: '755' },
    },
  ),
  written(
    'workspaces with owners',
    ['FROM node:22', 'WORKDIR /app', 'COPY --chown=node:node . .', 'RUN npm ci', 'RUN npm run build'],
    {
      ...node,
      'package.json': json({ name: 'app', scripts: { build: 'tsc' }, workspaces: ['packages/*'] }),
      'package-lock.json': '{"packages": {"node_modules/a": {"resolved": "packages/a", "link": true}}}\n',
      'packages/a/package.json': json({ name: 'a', version: '1.0.0' }),
      'packages/a/index.ts': 'a\n',
    },
  ),
  written(
    'workspaces with blanks in their names',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci', 'RUN npm run build'],
    {
      ...node,
      'package.json': json({ name: 'app', scripts: { build: 'tsc' }, workspaces: ['packages/*'] }),
      'packages/a b/package.json': json({ name: 'a', version: '1.0.0' }),
    },
  ),
  written('a manifest is a link', ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci', 'RUN npm run build'], {
    ...node,
    'package.json': { symlink: 'config/package.json' },
    'config/package.json': manifest(),
  }),
  written(
    'the ignore file lets little in',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci', 'RUN npm run build'],
    { ...node, '.dockerignore': '*\n!src\n!package*.json\n' },
  ),
  written(
    'two managers',
    [
      'FROM python:3.12',
      'WORKDIR /app',
      'COPY . .',
      'RUN pip install --no-cache-dir -r requirements.txt',
      'RUN npm ci && npm run build',
      'RUN python manage.py collectstatic',
    ],
    { ...node, ...flask, 'manage.py': 'manage\n' },
  ),
  written(
    'two projects',
    [
      'FROM node:22',
      'WORKDIR /app',
      'COPY . .',
      'WORKDIR /app/client',
      'RUN npm ci',
      'WORKDIR /app/server',
      'RUN npm ci --omit=dev',
      'RUN npm run build',
    ],
    {
      'client/package.json': manifest(),
      'client/package-lock.json': lock,
      'server/package.json': manifest(),
      'server/package-lock.json': lock,
      'server/src/main.ts': 'main\n',
      '.dockerignore': '**/node_modules\n',
    },
    'server/src/main.ts',
  ),
  written('make installs', ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN make install', 'RUN make build'], {
    ...node,
    Makefile: 'install:\n\tnpm ci\n\nbuild:\n\tnpm run build\n',
  }),
  written(
    'make installs with a script',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN make install && npm run build'],
    {
      ...node,
      Makefile: 'install:\n\t./tools/install.sh\n',
      'tools/install.sh': { text: '#!/bin/sh\nnpm ci\n', mode: '755' },
    },
  ),
  written(
    'a hook writes what the context has',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci', 'RUN npm run build'],
    {
      ...node,
      'package.json': manifest({ postinstall: 'node tools/hook.js' }),
      'tools/hook.js': 'hook\n',
      'generated/hook.js.txt': 'checked in\n',
    },
  ),
  written(
    'settings of bundler in the folder',
    [
      'FROM debian:12',
      'WORKDIR /app',
      'COPY . .',
      'RUN bundle config set path vendor/bundle && bundle install',
      'RUN bundle exec rake assets',
    ],
    {
      Gemfile: "gem 'rails'\n",
      'Gemfile.lock': 'GEM\n',
      Rakefile: 'task\n',
      '.bundle/config': 'BUNDLE_JOBS: "2"\n',
      'app/main.rb': 'main\n',
    },
    'app/main.rb',
  ),
  written(
    'onbuild and heredocs',
    [
      'FROM node:22 AS base',
      'WORKDIR /app',
      'COPY <<EOF /etc/settings',
      'setting=1',
      'EOF',
      'COPY . .',
      'RUN <<EOF',
      'npm ci',
      'npm run build',
      'EOF',
    ],
    node,
  ),
  written(
    'nothing is joined by plain ands',
    ['FROM node:22', 'WORKDIR /app', 'COPY . .', 'RUN npm ci; npm run build || exit 1'],
    node,
  ),
  written(
    'a shell’s state is carried over',
    [
      'FROM node:22',
      'WORKDIR /app',
      'COPY . .',
      'RUN export NODE_ENV=production && MODE=$(cat src/main.ts) && npm ci && npm run build && echo $MODE > /mode',
    ],
    node,
  ),
];
