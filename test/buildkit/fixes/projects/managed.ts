import { type Files, json, type Project } from '../project.ts';

const project = (
  name: string,
  image: string,
  files: Files,
  installs: readonly string[],
  build: string,
  more: Partial<Project>,
): Project => ({
  name,
  image,
  files,
  installs,
  build,
  leftovers: { 'vendor/installed.json': 'old\n', '.bundle/config': 'BUNDLE_JOBS: "2"\n', 'deps/all': 'old\n' },
  source: 'src/main/java/Main.java',
  output: 'target/app.jar',
  ...more,
});

const composer = (name: string, more: object, files: Files, rest: Partial<Project> = {}): Project =>
  project(
    `composer ${name}`,
    'composer:2.8',
    {
      'composer.json': json({ name: 'acme/app', autoload: { 'psr-4': { 'App\\': 'src/' } }, ...more }),
      'composer.lock': '{}\n',
      'src/App.php': '<?php app\n',
      'index.php': '<?php index\n',
      ...files,
    },
    [
      'composer install --no-dev',
      'composer install --no-scripts --no-autoloader',
      'composer install --no-dev --optimize-autoloader',
      'composer install --no-cache --no-interaction',
    ],
    'composer dump-autoload --optimize && php index.php',
    {
      source: 'src/App.php',
      output: 'vendor',
      mounts: ['type=cache,target=/tmp/cache', 'type=cache,target=/root/.composer/cache'],
      ignore: 'vendor\n',
      ...rest,
    },
  );

const bundler = (name: string, files: Files, more: Partial<Project> = {}): Project =>
  project(
    `bundler ${name}`,
    'ruby:3.3',
    {
      Gemfile: "source 'https://rubygems.org'\ngem 'rails'\n",
      'Gemfile.lock': 'GEM\n',
      Rakefile: 'task\n',
      'app/main.rb': 'main\n',
      ...files,
    },
    ['bundle install', 'bundle config set --local frozen true && bundle install', 'bundle install --jobs 4 --retry 3'],
    'bundle exec rake assets:precompile',
    {
      source: 'app/main.rb',
      output: 'public',
      mounts: ['type=cache,target=/root/.gem', 'type=cache,target=/usr/local/bundle/cache'],
      cleanup: 'rm -rf /usr/local/bundle/cache',
      ...more,
    },
  );

export const managedProjects: readonly Project[] = [
  composer('alone', {}, {}),
  composer(
    'scripts',
    { scripts: { 'post-autoload-dump': 'php artisan package:discover' } },
    { artisan: 'artisan\n', 'config/app.php': 'config\n' },
  ),
  composer(
    'classes',
    { autoload: { classmap: ['database/'], files: ['src/helpers.php'] } },
    { 'database/seeds.php': 'seeds\n', 'src/helpers.php': 'helpers\n' },
  ),
  composer(
    'local packages',
    { repositories: [{ type: 'path', url: 'packages/core' }] },
    { 'packages/core/composer.json': '{"name": "acme/core"}\n', 'packages/core/src/Core.php': 'core\n' },
  ),
  composer(
    'patched',
    { extra: { patches: { 'a/b': { fix: 'patches/fix.patch' } } } },
    { 'patches/fix.patch': 'patch\n' },
  ),
  composer('in PHP’s image', {}, {}, { image: 'php:8.3-cli' }),
  bundler('alone', { '.ruby-version': '3.3.0\n' }),
  bundler('gemspec', {
    Gemfile: "source 'https://rubygems.org'\ngemspec\n",
    'app.gemspec': "require_relative 'lib/app/version'\n",
    'lib/app/version.rb': 'VERSION\n',
  }),
  bundler('local gems', {
    Gemfile: "gem 'core', path: 'gems/core'\n",
    'gems/core/core.gemspec': "require_relative 'lib/version'\n",
    'gems/core/lib/version.rb': 'version\n',
    'gems/core/lib/core.rb': 'core\n',
  }),
  bundler('ruby file', { Gemfile: "ruby file: '.ruby-version'\ngem 'rails'\n", '.ruby-version': '3.3.0\n' }),
  bundler('vendored', { 'vendor/cache/rails-8.gem': 'gem\n' }),
  project(
    'gem',
    'ruby:3.3',
    { 'app.rb': 'app\n', Rakefile: 'task\n' },
    ['gem install bundler foreman', 'gem install rails --no-document'],
    'rake assets',
    { source: 'app.rb', output: 'public' },
  ),
  project(
    'mix',
    'elixir:1.17',
    {
      'mix.exs': 'defmodule App do end\n',
      'mix.lock': '%{}\n',
      'config/config.exs': 'import_config "#{config_env()}.exs"\n',
      'config/dev.exs': 'dev\n',
      'config/prod.exs': 'prod\n',
      'lib/app.ex': 'app\n',
    },
    [
      'mix local.hex --force && mix deps.get',
      'mix local.hex --force && mix local.rebar --force && mix deps.get --only prod && mix deps.compile',
    ],
    'mix compile',
    {
      source: 'lib/app.ex',
      output: '_build',
      mounts: ['type=cache,target=/root/.hex'],
      ignore: 'deps\n_build\n',
    },
  ),
];
