import type { Files, Project } from '../project.ts';

const sources: Files = { 'app/main.py': 'main\n', 'app/__init__.py': '', 'manage.py': 'manage\n' };

const project = (name: string, files: Files, installs: readonly string[], more: Partial<Project> = {}): Project => ({
  name,
  image: 'python:3.12-slim',
  files: { ...sources, ...files },
  installs,
  build: 'python manage.py collectstatic',
  source: 'app/main.py',
  output: 'staticfiles',
  mounts: [
    'type=cache,target=/root/.cache/pip',
    'type=cache,target=/root/.cache',
    'type=cache,target=/home/app/.cache/pip',
  ],
  ignore: '.venv\n**/__pycache__\n',
  leftovers: { '.venv/installed': 'old\n', '.venv/lib/old': 'old\n' },
  env: ['PYTHONUNBUFFERED=1', 'PIP_NO_CACHE_DIR=1', 'PIP_CACHE_DIR=/opt/pip', 'XDG_CACHE_HOME=/opt/cache'],
  ...more,
});

const requirements = 'flask==3.1.0\nclick==8.1.0\n';
const pyproject = (...lines: string[]): string =>
  [
    '[project]',
    'name = "app"',
    'version = "1.0"',
    'readme = "README.md"',
    'dependencies = ["flask"]',
    ...lines,
    '',
  ].join('\n');
const built = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"';

const uv = (name: string, files: Files, installs: readonly string[], more: Partial<Project> = {}): Project =>
  project(`uv ${name}`, { 'pyproject.toml': pyproject(), 'uv.lock': 'version = 1\n', ...files }, installs, {
    mounts: ['type=cache,target=/root/.cache/uv', 'type=cache,target=/root/.cache/pip'],
    env: ['UV_LINK_MODE=copy', 'UV_NO_CACHE=1', 'UV_CACHE_DIR=/opt/uv', 'UV_PROJECT_ENVIRONMENT=/opt/venv'],
    ...more,
  });

const poetry = (name: string, files: Files, installs: readonly string[], more: Partial<Project> = {}): Project =>
  project(
    `poetry ${name}`,
    {
      'pyproject.toml':
        '[tool.poetry]\nname = "app"\nversion = "1.0"\nreadme = "README.md"\npackages = [{ include = "app" }]\n',
      'poetry.lock': '# poetry\n',
      ...files,
    },
    installs,
    {
      mounts: ['type=cache,target=/root/.cache/pypoetry'],
      env: ['POETRY_VIRTUALENVS_CREATE=false', 'POETRY_CACHE_DIR=/opt/poetry', 'POETRY_VIRTUALENVS_IN_PROJECT=true'],
      ...more,
    },
  );

const member: Files = {
  'libs/core/pyproject.toml': pyproject().replace('app', 'core'),
  'libs/core/README.md': '# Core\n',
  'libs/core/core.py': 'core\n',
};

export const pythonProjects: readonly Project[] = [
  project(
    'pip',
    { 'requirements.txt': requirements },
    [
      'pip install -r requirements.txt',
      'pip install --no-cache-dir -r requirements.txt',
      'python -m pip install --upgrade pip && pip install -r requirements.txt',
      'pip3 install --no-cache-dir --upgrade -r ./requirements.txt',
    ],
    { cleanup: 'rm -rf /root/.cache/pip' },
  ),
  project(
    'pip nested lists',
    {
      'requirements/prod.txt': '-r base.txt\n-c ../constraints.txt\ngunicorn==23\n',
      'requirements/base.txt': requirements,
      'constraints.txt': 'click<9\n',
      'requirements/dev.txt': 'pytest==8\n',
    },
    ['pip install -r requirements/prod.txt', 'pip install --no-cache-dir -r requirements/prod.txt'],
  ),
  project('pip constraints', { 'requirements.txt': requirements, 'constraints.txt': 'click<9\n' }, [
    'pip install -c constraints.txt -r requirements.txt',
  ]),
  project('pip local packages', { 'requirements.txt': `${requirements}./libs/core\n`, ...member }, [
    'pip install -r requirements.txt',
  ]),
  project(
    'pip itself in the list',
    { 'requirements.txt': `${requirements}-e .\n`, 'setup.py': "setup(long_description=open('README.md'))\n" },
    ['pip install -r requirements.txt'],
  ),
  project(
    'pip wheels',
    { 'requirements.txt': '--find-links wheels\nlocal==1\n', 'wheels/local-1-py3-none-any.whl': 'wheel\n' },
    ['pip install -r requirements.txt'],
  ),
  project('pip project', { 'pyproject.toml': `${pyproject()}${built}\n` }, [
    'pip install .',
    'pip install --no-cache-dir -e .',
  ]),
  project('pip into a folder', { 'requirements.txt': requirements }, [
    'pip install --target /opt/packages -r requirements.txt',
  ]),
  project('pip environment', { 'requirements.txt': requirements }, [
    'python -m venv /opt/venv && VIRTUAL_ENV=/opt/venv pip install -r requirements.txt',
  ]),
  project(
    'pipenv',
    { Pipfile: '[packages]\nflask = "*"\n', 'Pipfile.lock': '{}\n' },
    [
      'pipenv install --deploy --system',
      'pip install pipenv && pipenv sync --system',
      'pipenv install --system --deploy --ignore-pipfile',
    ],
    {
      mounts: ['type=cache,target=/root/.cache/pipenv'],
    },
  ),
  project(
    'pipenv with a path',
    { Pipfile: '[packages]\ncore = { path = "libs/core", editable = true }\n', 'Pipfile.lock': '{}\n', ...member },
    ['pipenv install --deploy --system'],
  ),
  poetry('without itself', {}, [
    'poetry install --no-root',
    'poetry install --no-root --only main',
    'poetry config virtualenvs.create false && poetry install --no-root',
  ]),
  poetry('with itself', {}, ['poetry install', 'poetry install --only main']),
  poetry('in the project', { 'poetry.toml': '[virtualenvs]\nin-project = true\n' }, ['poetry install --no-root']),
  poetry(
    'with a path',
    {
      'pyproject.toml':
        '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\ncore = { path = "libs/core", develop = true }\n',
      ...member,
    },
    ['poetry install --no-root --no-directory', 'poetry install --no-root'],
  ),
  uv('without itself', {}, [
    'uv sync --frozen --no-install-project',
    'uv sync --locked --no-install-project --no-dev',
    'uv sync --frozen --no-install-project --no-cache',
  ]),
  uv('with itself', { 'pyproject.toml': pyproject(built) }, ['uv sync --frozen', 'uv sync --locked']),
  uv('configured', { '.python-version': '3.12\n', 'uv.toml': 'preview = true\n' }, [
    'uv sync --locked --no-install-project',
  ]),
  uv(
    'workspace',
    {
      'pyproject.toml': pyproject('[tool.uv.workspace]', 'members = ["libs/*"]'),
      'uv.lock': 'version = 1\n[[package]]\nname = "core"\nsource = { editable = "libs/core" }\n',
      ...member,
    },
    [
      'uv sync --frozen --no-install-workspace',
      'uv sync --locked --no-install-workspace',
      'uv sync --locked --no-install-project',
    ],
  ),
  uv('lists', { 'requirements.txt': requirements }, [
    'uv pip install --system -r requirements.txt',
    'uv pip sync requirements.txt',
    'uv pip install --system --no-cache -r requirements.txt',
  ]),
  project(
    'pdm',
    { 'pyproject.toml': pyproject(), 'pdm.lock': '# pdm\n' },
    ['pdm install --frozen-lockfile --no-self', 'pdm sync --no-self', 'pdm install --check --prod'],
    {
      mounts: ['type=cache,target=/root/.cache/pdm'],
    },
  ),
  project(
    'conda',
    {
      'environment.yml': 'name: app\ndependencies:\n  - python=3.12\n  - pip\n  - pip:\n    - -r requirements.txt\n',
      'requirements.txt': requirements,
    },
    [
      'conda env create -f environment.yml',
      'conda env update --file environment.yml && conda clean -afy',
      'mamba env create -f environment.yml',
    ],
    {
      image: 'continuumio/miniconda3:24.9.2-0',
      mounts: ['type=cache,target=/opt/conda/pkgs'],
      cleanup: 'conda clean -afy',
    },
  ),
];
