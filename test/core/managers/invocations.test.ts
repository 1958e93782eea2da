import assert from 'node:assert/strict';
import { readsNothing } from '../../../server/src/core/managers/reads.ts';
import { invocationIn, invocationsIn, summary } from './support.ts';

/** Command line → what it is recognised as. An empty list: nobody's business. */
const recognised: Readonly<Record<string, readonly string[]>> = {
  'npm ci': ['npm install'],
  'npm --prefix web ci': ['npm install'],
  'npm i -g pnpm': ['npm self'],
  'npm i -g .': ['npm install'],
  'npm install express': ['npm install'],
  'npm run build': [],
  'npm --version': [],
  'npm cache clean --force': ['npm clean'],
  yarn: ['yarn install'],
  'yarn --version': [],
  'yarn install --immutable': ['yarn install'],
  'yarn --cwd web install': ['yarn install'],
  'yarn workspaces focus --production': ['yarn install'],
  'yarn build': [],
  'yarn global add serve': ['yarn self'],
  'pnpm i --frozen-lockfile': ['pnpm install'],
  'pnpm -C web install': ['pnpm install'],
  'pnpm --filter web... install': ['pnpm install'],
  'pnpm fetch': ['pnpm fetch'],
  'pnpm build': [],
  'bun install --frozen-lockfile': ['bun install'],
  'bun run build': [],
  'deno install': ['deno install'],
  'deno cache main.ts': ['deno build'],
  'pip --no-cache-dir install -r requirements.txt': ['pip install'],
  'pip3 install flask': ['pip install'],
  'pip3.12 install -r a.txt': ['pip install'],
  'pip install -U pip setuptools': ['pip self'],
  'pip freeze': [],
  'python -m pip install flask': ['pip install'],
  'python3.11 -u -m pip install flask': ['pip install'],
  'python -m http.server': [],
  'python setup.py install': [],
  'pipenv install --deploy': ['pipenv install'],
  'poetry install --no-root': ['poetry install'],
  'poetry run pip install x': ['pip install'],
  'poetry export -o r.txt': [],
  'uv sync --locked': ['uv install'],
  'uv pip install --system -r r.txt': ['uv install'],
  'uv tool install ruff': ['uv self'],
  'uv venv': [],
  'pdm sync': ['pdm install'],
  'conda env create -f environment.yml': ['conda install'],
  'micromamba install -y -n base -f env.yaml': ['conda install'],
  'conda clean -afy': ['conda clean'],
  'apt-get -y -q update': ['apt index'],
  'apt-get -o Acquire::Retries=3 install -y curl': ['apt install'],
  'apt-get remove curl': [],
  'apt-get clean': ['apt clean'],
  'apk add --no-cache git': ['apk install'],
  'apk --no-cache --update add git': ['apk install'],
  'dnf -y install git': ['dnf install'],
  'microdnf clean all': ['dnf clean'],
  'dnf5 makecache': ['dnf index'],
  'yum -y groupinstall x': ['dnf install'],
  'zypper --non-interactive in git': ['zypper install'],
  'zypper ref': ['zypper index'],
  'pacman -Syu --noconfirm git': ['pacman install'],
  'pacman -Sy': ['pacman index'],
  'pacman -Scc --noconfirm': ['pacman clean'],
  'pacman -Q': [],
  'go mod download': ['go fetch'],
  'go -C tools mod download': ['go fetch'],
  'go build ./...': ['go build'],
  'go install example.com/x@latest': ['go self'],
  'go install ./cmd/x': ['go build'],
  'go version': [],
  'cargo +nightly build --release': ['cargo build'],
  'cargo fetch --locked': ['cargo fetch'],
  'cargo install cargo-chef': ['cargo self'],
  'cargo install --locked --git https://example.com/x': ['cargo self'],
  'cargo install --path .': ['cargo build'],
  'cargo install --locked': ['cargo build'],
  'cargo chef cook --release --recipe-path recipe.json': ['cargo install'],
  'cargo chef prepare --recipe-path recipe.json': [],
  'mvn -B dependency:go-offline': ['maven fetch'],
  './mvnw -B package -DskipTests': ['maven build'],
  'mvn -o package': ['maven consume'],
  'sh ./mvnw package': ['maven build'],
  'mvn -v': [],
  './gradlew dependencies --no-daemon': ['gradle fetch'],
  'gradle build -x test': ['gradle build'],
  'gradle --offline build': ['gradle consume'],
  './gradlew --version': ['gradle fetch'],
  'sbt update': ['sbt fetch'],
  'sbt clean assembly': ['sbt build'],
  'dotnet restore src/App.csproj': ['dotnet install'],
  'dotnet publish -c Release --no-restore': ['dotnet consume'],
  'dotnet build': ['dotnet build'],
  'dotnet --info': [],
  'composer install --no-dev': ['composer install'],
  'php composer.phar install': ['composer install'],
  'composer dump-autoload': [],
  'bundle install': ['bundler install'],
  'bundle exec rake': [],
  'gem install bundler': ['gem self'],
  'mix deps.get --only prod': ['mix install'],
  'mix do deps.get, deps.compile': ['mix install'],
  'mix local.hex --force': ['mix self'],
  'mix release': ['mix build'],
  'cabal update': ['cabal index'],
  'cabal v2-install happy': ['cabal self'],
  'FROM haskell:9\nWORKDIR /app\nCOPY . .\nRUN cabal v2-install --installdir=bin test-lib\n': ['cabal build'],
  'cabal build --only-dependencies': ['cabal install'],
  'stack build --only-dependencies': ['stack install'],
  'swift package resolve': ['swift fetch'],
  'swift build -c release': ['swift build'],
  'conan install . --build=missing': ['conan install'],
  'vcpkg install': ['vcpkg install'],
  'ccache gcc -c x.c': ['ccache build'],
  'ccache -s': [],
  'R -e "renv::restore()"': ['renv install'],
  'Rscript -e "print(1)"': [],
  'dart pub get': ['dart install'],
  'flutter pub get': ['dart install'],
  "julia -e 'Pkg.instantiate()'": ['julia install'],
  'lein deps': ['lein fetch'],
  'opam install . --deps-only': ['opam install'],
  'opam install dune': ['opam self'],
  'cpanm --installdeps .': ['cpanm install'],
  'luarocks install busted': ['luarocks self'],
  'xx-apt-get install -y gcc': ['apt install'],
  'xx-go build': ['go build'],
  // Wrappers.
  'sudo apt-get update': ['apt index'],
  'sudo -u app npm ci': [],
  "sudo -u app bash -c 'npm ci'": [],
  "sudo -Hu app sh -c 'npm ci'": [],
  "gosu app sh -c 'npm ci'": [],
  "sudo -E bash -c 'npm ci'": ['npm install'],
  'DEBIAN_FRONTEND=noninteractive apt-get update': ['apt index'],
  'env A=1 B=2 npm ci': ['npm install'],
  'exec npm ci': ['npm install'],
  'time -p npm ci': ['npm install'],
  'nice -n 10 npm ci': ['npm install'],
  'timeout 600 npm ci': ['npm install'],
  'corepack yarn install': ['yarn install'],
  'corepack enable': [],
  'npx -y pnpm@9 install': ['pnpm install'],
  'npx prisma generate': [],
  'pnpm exec tsc': [],
  'xargs npm install': [],
  'su -c "npm ci" node': [],
  'retry 3 npm ci': [],
  '/usr/bin/apt-get update': ['apt index'],
  // Removals.
  'rm -rf /var/lib/apt/lists/*': ['apt clean'],
  'rm -rf /var/lib/{apt,dpkg}/': ['apt clean'],
  'rm -rf ~/.npm /root/.cache/pip': ['npm clean', 'pip clean', 'pipenv clean'],
  'rm -rf /tmp/x': [],
  'rm -rf /var/cache/*': [],
  'apt-get update && rm -rf /var/cache/*': ['apt index', 'apt clean'],
  'find /var/lib/apt/lists -type f -delete': ['apt clean'],
  'find /var/lib/apt/lists -type f': [],
};

describe('invocationsOf', () => {
  for (const [command, expected] of Object.entries(recognised))
    it(`${command} is ${expected.join(', ') || 'none'}`, () => {
      assert.deepEqual(summary(command).toSorted(), [...expected].toSorted());
    });

  it('is computed once for a step', () => {
    const [a] = invocationsIn('FROM debian\nRUN apt-get update\n');
    assert.ok(a);
  });

  it('recognises the exec form, and marks it', () => {
    const { call } = invocationIn('FROM node:22\nRUN ["npm", "ci"]\n');
    assert.deepEqual(call.command.within, ['exec form']);
  });

  it('finds heredoc scripts', () => {
    assert.deepEqual(summary('FROM node:22\nRUN <<EOF\nset -e\nnpm ci\nEOF\n'), ['npm install']);
  });

  it('leaves other shells alone', () => {
    assert.deepEqual(summary('FROM mcr.microsoft.com/windows\nSHELL ["powershell", "-Command"]\nRUN npm ci\n'), []);
  });
});

/** Script → the directory its only call works on. */
const directories: Readonly<Record<string, string | undefined>> = {
  'npm ci': '/app',
  'cd web && npm ci': '/app/web',
  'cd web && cd .. && npm ci': '/app',
  'cd web && cd - && npm ci': '/app',
  'cd /srv; npm ci': '/srv',
  '(cd web && true) && npm ci': '/app',
  '(cd web && npm ci)': '/app/web',
  '(cd a); (npm ci)': '/app',
  'pushd web && npm ci && popd': '/app/web',
  'if [ -d web ]; then cd web; fi; npm ci': undefined,
  'cd $UNKNOWN && npm ci': undefined,
  'D=/srv/x && cd $D && npm ci': '/srv/x',
  'D=/srv/x; cd "${D}/y"; npm ci': '/srv/x/y',
  'npm --prefix web ci': '/app/web',
  'npm --prefix=web/ ci': '/app/web',
  'npm --prefix $UNKNOWN ci': undefined,
  'cd web && npm -C sub ci': '/app/web/sub',
  'yarn --cwd web install': '/app/web',
  'pnpm -C web install': '/app/web',
  'go -C tools mod download': '/app/tools',
  'pip install -r /srv/requirements.txt': '/srv',
  'pip install -r requirements.txt': '/app',
  'mvn -f backend/pom.xml dependency:go-offline': '/app/backend',
  'gradle -p sub dependencies': '/app/sub',
  'poetry -C api install': '/app/api',
  'composer install -d api': '/app/api',
  'dotnet restore /src/App/App.csproj': '/src/App',
};

describe('the directory of a call', () => {
  for (const [script, expected] of Object.entries(directories))
    it(`${script} works on ${expected ?? 'a directory that is not known'}`, () => {
      assert.equal(invocationIn(script).call.cwd, expected);
    });

  it('fills in ENV', () => {
    assert.equal(
      invocationIn('FROM node:22\nENV HOME_DIR=/srv\nRUN cd $HOME_DIR/web && npm ci\n').call.cwd,
      '/srv/web',
    );
  });

  it('is not known under a WORKDIR with a variable of the image', () => {
    assert.equal(invocationIn('FROM node:22\nWORKDIR $X/app\nRUN npm ci\n').call.cwd, undefined);
  });

  it('follows WORKDIR', () => {
    assert.equal(invocationIn('FROM node:22\nWORKDIR /a\nWORKDIR b\nRUN npm ci\n').call.cwd, '/a/b');
  });
});

describe('the environment of a call', () => {
  const env = (script: string, name: string): unknown => {
    const { call } = invocationIn(script);
    return call.env.has(name) ? call.env.get(name) : 'not set';
  };

  it('has what stands before the command', () => assert.equal(env('A=1 npm ci', 'A'), '1'));
  it('has what env sets', () => assert.equal(env('env A=1 npm ci', 'A'), '1'));
  it('has what was exported', () => assert.equal(env('export A=1 && npm ci', 'A'), '1'));
  it('has not what was only assigned', () => assert.equal(env('A=1; npm ci', 'A'), 'not set'));
  it('has an assigned ENV', () => assert.equal(env('FROM a\nENV A=0\nRUN A=1; npm ci\n', 'A'), '1'));
  it('does not know what a condition exports', () =>
    assert.equal(env('if x; then export A=1; fi; npm ci', 'A'), undefined));
  it('forgets what a subshell exported', () => assert.equal(env('(export A=1); npm ci', 'A'), 'not set'));
});

describe('readsNothing', () => {
  const independent: Readonly<Record<string, boolean>> = {
    'pip install flask': true,
    'pip install "black[d]" x==$VERSION': true,
    'pip install -r requirements.txt': false,
    'pip install .': false,
    'npm install express': false,
    'npm i -g x': true,
    'conda install numpy': true,
    'go install x@latest': false,
    'apt-get install curl': true,
    'apt-get install ./a.deb': false,
  };
  for (const [run, expected] of Object.entries(independent))
    it(`${run}: ${expected}`, () => assert.equal(readsNothing(invocationIn(run)), expected));
});
