import assert from 'node:assert/strict';
import { type Case, checkAll } from './inputCases.ts';
import { inputsOf, invocationIn } from './support.ts';

const pip: Readonly<Record<string, Case>> = {
  'a requirements file': {
    run: 'pip install -r requirements.txt',
    files: { 'requirements.txt': 'flask==3\n', 'app.py': '' },
    reads: ['requirements.txt'],
  },
  'nested requirements and constraints': {
    run: 'pip install -r requirements/prod.txt -c constraints.txt',
    files: {
      'requirements/prod.txt': '-r base.txt  # all\n--requirement=../more.txt\n',
      'requirements/base.txt': '-cpins.txt\n',
      'requirements/pins.txt': '',
      'more.txt': '',
      'constraints.txt': '',
    },
    reads: ['constraints.txt', 'more.txt', 'requirements/base.txt', 'requirements/pins.txt', 'requirements/prod.txt'],
  },
  'requirements that include each other': {
    run: 'pip install -r a.txt',
    files: { 'a.txt': '-r b.txt\n', 'b.txt': '-r a.txt\n' },
    reads: ['a.txt', 'b.txt'],
  },
  'joined options': { run: 'pip install -qra.txt', files: { 'a.txt': '' }, reads: ['a.txt'] },
  'joined options with a blank': { run: 'pip install -Ur a.txt', files: { 'a.txt': '' }, reads: ['a.txt'] },
  'a missing requirements file': {
    run: 'pip install -r a.txt',
    files: {},
    reads: [],
    says: [/a\.txt, which is not in the build context/],
  },
  'an ignored requirements file': {
    run: 'pip install -r a.txt',
    files: { '!a.txt': '' },
    reads: [],
    says: [/ignore file keeps out/],
  },
  'requirements by URL': { run: 'pip install -r https://x/r.txt', files: {}, reads: [] },
  'names only': { run: 'pip install flask "gunicorn>=20"', files: { 'a.py': '' }, reads: [] },
  'URLs, git, markers, hashes': {
    run: 'pip install -r a.txt',
    files: {
      'a.txt':
        'a @ https://x/a.whl\ngit+https://x/y.git@v1#egg=y\nb==1; python_version < "3" --hash=sha256:abc\n-e git+https://x/z#egg=z\n--index-url https://x/simple/\n',
    },
    reads: ['a.txt'],
  },
  'wheels and folders of wheels': {
    run: 'pip install -r a.txt',
    files: {
      'a.txt': './w/a.whl\nb @ file:./b.whl\n--find-links wheels\n',
      'w/a.whl': '',
      'b.whl': '',
      'wheels/c.whl': '',
    },
    reads: ['a.txt', 'b.whl', 'w/a.whl', 'wheels/c.whl'],
  },
  'packages of the project': {
    run: 'pip install -r a.txt',
    files: { 'a.txt': '-e ./libs/x\n', 'libs/x/setup.py': '' },
    reads: ['a.txt', 'libs/x/setup.py'],
    says: [/builds the package in libs\/x/],
  },
  'the project itself': {
    run: 'pip install .',
    files: { 'setup.py': '' },
    reads: [],
    says: [/installs the project itself/],
  },
  'the project itself, editable, with extras': {
    run: 'pip install -e ".[dev,test]"',
    files: { 'setup.py': '' },
    reads: [],
    says: [/installs the project itself/],
  },
  'the project itself, with extras that the shell reads as a pattern': {
    run: 'pip install --user -e .[dev,test]',
    files: { 'setup.py': '' },
    reads: [],
    says: [/installs the project itself/],
  },
  'an absolute path': {
    run: 'pip install -r /app/requirements.txt',
    files: { 'requirements.txt': '-r dev.txt\n', 'dev.txt': '' },
    reads: ['dev.txt', 'requirements.txt'],
  },
  'a path above, where the folders belong together': {
    run: 'FROM python\nWORKDIR /app/api\nRUN pip install -r ../requirements.txt\n',
    directory: 'api',
    files: { 'requirements.txt': '', 'api/x.py': '' },
    reads: ['requirements.txt'],
  },
  'a path above that is not known': {
    run: 'FROM python\nWORKDIR /app\nRUN pip install -r ../requirements.txt\n',
    directory: 'api',
    files: { 'requirements.txt': '' },
    reads: [],
    says: [/where that comes from is not known/],
  },
  'a variable': { run: 'pip install -r requirements-$UNKNOWN.txt', files: {}, reads: [], says: [/not known/] },
  'a known variable': {
    run: 'FROM python\nWORKDIR /app\nARG E=dev\nRUN pip install -r requirements-$E.txt\n',
    files: { 'requirements-dev.txt': '' },
    reads: ['requirements-dev.txt'],
  },
  PIP_CONSTRAINT: {
    run: 'FROM python\nENV PIP_CONSTRAINT=c.txt\nRUN pip install flask\n',
    files: { 'c.txt': '' },
    reads: ['c.txt'],
  },
  'pip-sync': { run: 'pip-sync requirements.txt', files: { 'requirements.txt': '' }, reads: ['requirements.txt'] },
  substitutions: { run: 'pip install $(cat reqs)', files: {}, reads: [], says: [/not known/] },
};

const pyproject = (text: string) => ({ 'pyproject.toml': text, 'uv.lock': '', 'poetry.lock': '', 'pdm.lock': '' });

const tools: Readonly<Record<string, Case>> = {
  'pipenv: Pipfile and its lock': {
    run: 'pipenv install --deploy',
    files: { Pipfile: '[packages]\nflask = "*"\n', 'Pipfile.lock': '' },
    reads: ['Pipfile', 'Pipfile.lock'],
  },
  'pipenv: path dependencies': {
    run: 'pipenv sync',
    files: { Pipfile: '[packages]\nx = {path = "./x", editable = true}\n', 'x/setup.py': '' },
    reads: ['Pipfile', 'x/setup.py'],
    says: [/builds the package in x/],
  },
  'pipenv: the project itself': {
    run: 'pipenv sync',
    files: { Pipfile: '[packages]\nx = {path = "."}\n' },
    reads: ['Pipfile'],
    says: [/itself/],
  },
  'pipenv: broken TOML': {
    run: 'pipenv sync',
    files: { Pipfile: '[[[' },
    reads: ['Pipfile'],
    says: [/not valid TOML/],
  },
  'poetry without the root': {
    run: 'poetry install --no-root',
    files: pyproject('[tool.poetry]\nreadme = "README.md"\n'),
    reads: ['poetry.lock', 'pyproject.toml'],
  },
  'poetry with the root': {
    run: 'poetry install',
    files: pyproject('[tool.poetry]\n'),
    reads: ['poetry.lock', 'pyproject.toml'],
    says: [/itself/],
  },
  'poetry: no package': {
    run: 'poetry install',
    files: pyproject('[tool.poetry]\npackage-mode = false\n'),
    reads: ['poetry.lock', 'pyproject.toml'],
  },
  'poetry: path dependencies': {
    run: 'poetry install --no-root',
    files: { ...pyproject('[tool.poetry.dependencies]\nx = {path = "x"}\n'), 'x/a.py': '' },
    reads: ['poetry.lock', 'pyproject.toml', 'x/a.py'],
    says: [/builds the package in x/],
  },
  'poetry: path dependencies left out': {
    run: 'poetry install --no-root --no-directory',
    files: pyproject('[tool.poetry.dependencies]\nx = {path = "x"}\n'),
    reads: ['poetry.lock', 'pyproject.toml'],
  },
  'poetry update': {
    run: 'poetry update',
    files: pyproject(''),
    reads: ['poetry.lock', 'pyproject.toml'],
    says: [/rewrites poetry\.lock/],
  },
  'uv without the project': {
    run: 'uv sync --locked --no-install-project',
    files: pyproject('[project]\nname = "a"\nreadme = "README.md"\n[build-system]\nrequires = []\n'),
    reads: ['pyproject.toml', 'uv.lock'],
  },
  'uv with the project': {
    run: 'uv sync --locked',
    files: pyproject('[project]\nname = "a"\n[build-system]\nrequires = []\n'),
    reads: ['pyproject.toml', 'uv.lock'],
    says: [/itself/],
  },
  'uv: no package': {
    run: 'uv sync --locked',
    files: pyproject('[project]\nname = "a"\n'),
    reads: ['pyproject.toml', 'uv.lock'],
  },
  'uv: dynamic version': {
    run: 'uv sync --locked --no-install-project',
    files: pyproject('[project]\nname = "a"\ndynamic = ["version"]\n[build-system]\nrequires = []\n'),
    reads: ['pyproject.toml', 'uv.lock'],
    says: [/dynamic/],
  },
  'uv: dynamic version, frozen': {
    run: 'uv sync --frozen --no-install-project',
    files: pyproject('[project]\nname = "a"\ndynamic = ["version"]\n[build-system]\nrequires = []\n'),
    reads: ['pyproject.toml', 'uv.lock'],
  },
  'uv: workspace': {
    run: 'uv sync --frozen --no-install-workspace',
    files: {
      ...pyproject('[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/b"]\n'),
      'packages/a/pyproject.toml': '[project]\nname = "a"\n[build-system]\n',
      'packages/b/pyproject.toml': '',
    },
    reads: ['packages/a/pyproject.toml', 'pyproject.toml', 'uv.lock'],
  },
  'uv: path sources': {
    run: 'uv sync --frozen',
    files: { ...pyproject('[tool.uv.sources]\nx = {path = "x"}\n'), 'x/a.py': '' },
    reads: ['pyproject.toml', 'uv.lock', 'x/a.py'],
    says: [/builds the package in x/],
  },
  'uv pip': {
    run: 'uv pip install --system -r requirements.txt',
    files: { 'requirements.txt': '-r b.txt', 'b.txt': '' },
    reads: ['b.txt', 'requirements.txt'],
  },
  'uv pip sync': {
    run: 'uv pip sync requirements.txt',
    files: { 'requirements.txt': '' },
    reads: ['requirements.txt'],
  },
  'uv pip with the project': { run: 'uv pip install -e .', files: {}, reads: [], says: [/itself/] },
  'uv tools read nothing': { run: 'uv tool install ruff', files: pyproject(''), reads: [] },
  'pdm without the project': {
    run: 'pdm sync --no-self',
    files: pyproject('[project]\nname = "a"\n'),
    reads: ['pdm.lock', 'pyproject.toml'],
  },
  'pdm with the project': {
    run: 'pdm install',
    files: pyproject('[project]\nname = "a"\n'),
    reads: ['pdm.lock', 'pyproject.toml'],
    says: [/itself/],
  },
  'conda: an environment with pip': {
    run: 'conda env create -f env/environment.yml',
    files: {
      'env/environment.yml': 'dependencies:\n  - python\n  - pip:\n    - flask\n    - -r requirements.txt\n',
      'env/requirements.txt': '',
    },
    reads: ['env/environment.yml', 'env/requirements.txt'],
  },
  'conda: the default file': { run: 'conda env create', files: { 'environment.yml': '' }, reads: ['environment.yml'] },
  'conda: names only': { run: 'conda install -y numpy', files: { 'environment.yml': '' }, reads: [] },
};

describe('what pip reads', () => checkAll(pip));
describe("what Python's other tools read", () => checkAll(tools));

describe('the project itself', () => {
  const itself: Readonly<Record<string, boolean>> = {
    'pip install .': true,
    'pip install -r requirements.txt': false,
    'pip install ./lib': false,
    'poetry install': true,
    'poetry install --no-root': false,
  };
  for (const [run, expected] of Object.entries(itself))
    it(`${run} ${expected ? 'installs it' : 'does not install it'}`, () => {
      const files = { 'requirements.txt': '', 'lib/setup.py': '', 'pyproject.toml': '' };
      assert.equal(inputsOf(run, files).installsProject ?? false, expected);
    });
});

describe('locks of Python', () => {
  const locked: Readonly<Record<string, boolean | undefined>> = {
    'pip install -r r.txt': undefined,
    'pipenv install': false,
    'pipenv install --deploy': true,
    'poetry install': true,
    'poetry update': false,
    'uv sync': false,
    'uv sync --locked': true,
    'FROM python\nENV UV_FROZEN=1\nRUN uv sync\n': true,
    'pdm install': false,
    'pdm install --frozen-lockfile': true,
  };
  for (const [run, expected] of Object.entries(locked))
    it(`${run.trim()}: ${expected}`, () => {
      const { manager, call } = invocationIn(run);
      assert.equal(manager.isLocked?.(call), expected);
    });
});
