import { type Case, checkAll } from './inputCases.ts';

const sln =
  'Project("{1}") = "App", "src\\App\\App.csproj", "{2}"\nEndProject\nProject("{3}") = "docs", "docs", "{4}"\nEndProject\nProject("{5}") = "dc", "docker-compose.dcproj", "{6}"\n';
const dotnet: Readonly<Record<string, Case>> = {
  'a project alone': {
    run: 'dotnet restore',
    files: { 'App.csproj': '<Project/>', 'Program.cs': '', 'packages.lock.json': '' },
    reads: ['App.csproj', 'packages.lock.json'],
  },
  'a solution with folders and references': {
    run: 'dotnet restore App.sln',
    files: {
      'App.sln': sln,
      'docker-compose.dcproj': '',
      'src/App/App.csproj': '<ProjectReference Include="..\\Lib\\Lib.csproj" />',
      'src/Lib/Lib.csproj': '',
      'src/Lib/L.cs': '',
      'Directory.Build.props': '',
      'src/Directory.Packages.props': '',
      'nuget.config': '',
      'global.json': '{}',
      'test/T.csproj': '',
    },
    reads: [
      'App.sln',
      'Directory.Build.props',
      'docker-compose.dcproj',
      'global.json',
      'nuget.config',
      'src/App/App.csproj',
      'src/Directory.Packages.props',
      'src/Lib/Lib.csproj',
    ],
  },
  'an ignored project of a solution': {
    run: 'dotnet restore',
    files: { 'App.sln': sln, 'src/App/App.csproj': '', '!docker-compose.dcproj': '' },
    reads: ['App.sln', 'src/App/App.csproj'],
    says: [/docker-compose\.dcproj, which the ignore file/],
  },
  'a named project, its imports': {
    run: 'dotnet restore "src/App/App.csproj"',
    files: {
      'src/App/App.csproj':
        '<Import Project="..\\common.props" /><Import Project="$(MSBuildThisFileDirectory)x.targets" Condition="Exists(\'x\')" /><Import Sdk="a" Project="Sdk.props" />',
      'src/common.props': '',
      'Other.sln': '',
    },
    reads: ['src/App/App.csproj', 'src/common.props'],
  },
  slnx: {
    run: 'dotnet restore App.slnx',
    files: { 'App.slnx': '<Solution><Folder><Project Path="a/A.csproj" /></Folder></Solution>', 'a/A.csproj': '' },
    reads: ['App.slnx', 'a/A.csproj'],
  },
  'properties in references': {
    run: 'dotnet restore',
    files: { 'A.csproj': '<ProjectReference Include="$(Root)\\B.csproj" />' },
    reads: ['A.csproj'],
    says: [/depends on properties/],
  },
  'local package sources': {
    run: 'dotnet restore',
    files: {
      'A.csproj': '',
      'NuGet.config':
        '<packageSources><add key="l" value="./packages" /><add key="n" value="https://x" /></packageSources>',
      'packages/a.nupkg': '',
    },
    reads: ['A.csproj', 'NuGet.config', 'packages/a.nupkg'],
  },
  'two projects': {
    run: 'dotnet restore',
    files: { 'A.csproj': '', 'B.csproj': '' },
    reads: [],
    says: [/Which project/],
  },
  'files that are read or looked for': {
    run: 'dotnet restore',
    files: {
      'A.csproj':
        '<Version>$([System.IO.File]::ReadAllText("v"))</Version><ItemGroup Condition="Exists(\'x\')" /><Import Project="a.props" Condition="Exists(\'a.props\')" />',
    },
    reads: ['A.csproj'],
    says: [/reads other files/, /whether other files exist/],
  },
  tools: {
    run: 'dotnet tool restore',
    files: { '.config/dotnet-tools.json': '{}', 'A.csproj': '' },
    reads: ['.config/dotnet-tools.json'],
  },
};

const json = JSON.stringify;
const php: Readonly<Record<string, Case>> = {
  'manifest and lock': {
    run: 'composer install',
    files: { 'composer.json': '{}', 'composer.lock': '', 'symfony.lock': '' },
    reads: ['composer.json', 'composer.lock', 'symfony.lock'],
  },
  'the version from git': {
    run: 'composer install',
    files: { 'composer.json': '{}', '.git/HEAD': '' },
    reads: ['composer.json'],
    says: [/\.git/],
  },
  'a version of its own': {
    run: 'composer install',
    files: { 'composer.json': '{"version":"1.0.0"}', '.git/HEAD': '' },
    reads: ['composer.json'],
  },
  scripts: {
    run: 'composer install',
    files: {
      'composer.json': json({ scripts: { 'post-autoload-dump': ['@php artisan package:discover'], test: 'x' } }),
    },
    reads: ['composer.json'],
    says: [/"post-autoload-dump".*artisan/],
  },
  'scripts of the autoloader, without it': {
    run: 'composer install --no-autoloader',
    files: { 'composer.json': json({ scripts: { 'post-autoload-dump': 'x', 'post-install-cmd': 'y' } }) },
    reads: ['composer.json'],
    says: [/post-install-cmd/],
  },
  'no scripts, no autoloader': {
    run: 'composer install --no-scripts --no-autoloader',
    files: { 'composer.json': json({ scripts: { 'post-install-cmd': 'x' }, autoload: { classmap: ['database'] } }) },
    reads: ['composer.json'],
  },
  'a class map': {
    run: 'composer install --no-scripts',
    files: { 'composer.json': json({ autoload: { classmap: ['database'] } }) },
    reads: ['composer.json'],
    says: [/autoloader/],
  },
  'an optimized autoloader': {
    run: 'composer install -o',
    files: { 'composer.json': '{}' },
    reads: ['composer.json'],
    says: [/autoloader/],
  },
  'path repositories': {
    run: 'composer install',
    files: {
      'composer.json': json({ repositories: [{ type: 'path', url: 'packages/*' }] }),
      'packages/a/composer.json': '{}',
      'packages/a/src/A.php': '',
    },
    reads: ['composer.json', 'packages/a/composer.json', 'packages/a/src/A.php'],
  },
  patches: {
    run: 'composer install',
    files: {
      'composer.json': json({ extra: { patches: { 'a/b': { fix: 'patches/a.patch', remote: 'https://x/y.patch' } } } }),
      'patches/a.patch': '',
    },
    reads: ['composer.json', 'patches/a.patch'],
  },
  'plugins that write': {
    run: 'composer install',
    files: { 'composer.json': json({ require: { 'drupal/core-composer-scaffold': '^10' } }) },
    reads: ['composer.json'],
    says: [/drupal/],
  },
  update: {
    run: 'composer update',
    files: { 'composer.json': '{}' },
    reads: ['composer.json'],
    says: [/rewrites composer\.lock/],
  },
  broken: {
    run: 'composer install',
    files: { 'composer.json': '{' },
    reads: ['composer.json'],
    says: [/not valid JSON/],
  },
};

const ruby: Readonly<Record<string, Case>> = {
  'Gemfile, lock, version': {
    run: 'bundle install',
    files: { Gemfile: "gem 'rails'\n", 'Gemfile.lock': '', '.ruby-version': '', 'app/a.rb': '' },
    reads: ['.ruby-version', 'Gemfile', 'Gemfile.lock'],
  },
  'a gemspec': {
    run: 'bundle install',
    files: { Gemfile: 'gemspec\n', 'x.gemspec': '' },
    reads: ['Gemfile'],
    says: [/gemspec/],
  },
  'gems by path': {
    run: 'bundle install',
    files: {
      Gemfile: "gem 'x', path: 'engines/x'\ngem 'y', :path => \"y\"\n",
      'engines/x/x.gemspec': 'files = Dir["lib/**"]',
      'engines/x/lib/x.rb': '',
      'y/y.gemspec': 'files = `git ls-files`',
    },
    reads: ['Gemfile', 'engines/x/lib/x.rb', 'engines/x/x.gemspec', 'y/y.gemspec'],
    says: [/asks git/],
  },
  'other files': {
    run: 'bundle install',
    files: {
      Gemfile: "ruby File.read('.ruby-version').strip\neval_gemfile 'gems/dev.rb'\n",
      '.ruby-version': '',
      'gems/dev.rb': '',
    },
    reads: ['.ruby-version', 'Gemfile', 'gems/dev.rb'],
  },
  searches: {
    run: 'bundle install',
    files: { Gemfile: 'Dir.glob("x").each { |f| }\n' },
    reads: ['Gemfile'],
    says: [/looks for other files/],
  },
  'cached gems': {
    run: 'bundle install --local',
    files: { Gemfile: '', 'vendor/cache/a.gem': '' },
    reads: ['Gemfile', 'vendor/cache/a.gem'],
  },
};

describe('what dotnet reads', () => checkAll(dotnet));
describe('what composer reads', () => checkAll(php));
describe('what bundler reads', () => checkAll(ruby));
