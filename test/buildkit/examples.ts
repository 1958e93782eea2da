import type { Builder } from './builder.ts';
import { equivalent } from './equivalence.ts';
import type { FileSpec } from './scenario.ts';

/** What the comparison of images must find out: it is tested here by changes of which the outcome is known. */
interface Example {
  readonly name: string;
  readonly files: Readonly<Record<string, FileSpec>>;
  readonly before: string;
  readonly after: string;
  readonly ignore?: readonly string[];
  /** `saves`: the same image, and fewer steps run after a change of the source. */
  readonly outcome: 'saves' | 'same' | 'differs';
}

const stage = (image: string, ...lines: string[]): string => [`FROM ${image}`, 'WORKDIR /app', ...lines, ''].join('\n');

/** Everything first and then the install, against manifests, install and then everything. */
const reordered = (image: string, manifests: string, install: string, build: string) => ({
  before: stage(image, 'COPY . .', `RUN ${install}`, `RUN ${build}`),
  after: stage(image, `COPY ${manifests} ./`, `RUN ${install}`, 'COPY . .', `RUN ${build}`),
});

const node = {
  'package.json': '{"scripts": {"build": "tsc"}}\n',
  'package-lock.json': '{}\n',
  'src/main.ts': 'main\n',
};
const withHook = {
  ...node,
  'package.json': '{"scripts": {"build": "tsc", "postinstall": "node tools/hook.js"}}\n',
  'tools/hook.js': 'hook\n',
};

/** A source is copied, and the image gets a configuration. */
const configured = (...lines: string[]): string => stage('node:22', 'COPY src ./src', ...lines);

export const examples: readonly Example[] = [
  {
    name: 'configuration: variables and labels in another order',
    files: node,
    before: configured('ENV A=1', 'ENV B=2', 'LABEL a=1', 'LABEL b=2'),
    after: configured('LABEL b=2', 'LABEL a=1', 'ENV B=2', 'ENV A=1'),
    outcome: 'same',
  },
  {
    name: 'configuration: a variable is lost',
    files: node,
    before: configured('ENV A=1 B=2'),
    after: configured('ENV A=1', 'ARG B=2'),
    outcome: 'differs',
  },
  {
    name: 'configuration: a command in another order',
    files: node,
    before: configured('CMD ["a", "b"]'),
    after: configured('CMD ["b", "a"]'),
    outcome: 'differs',
  },
  {
    name: 'configuration: another user',
    files: node,
    before: configured('USER node'),
    after: configured('USER 1001'),
    outcome: 'differs',
  },
  {
    name: 'npm: manifests first',
    files: node,
    outcome: 'saves',
    ...reordered('node:22', 'package.json package-lock.json', 'npm ci', 'npm run build'),
  },
  {
    name: 'npm: the lock file is missing',
    files: node,
    outcome: 'differs',
    ...reordered('node:22', 'package.json', 'npm ci', 'npm run build'),
  },
  {
    name: 'npm: a lifecycle script is missing',
    files: withHook,
    outcome: 'differs',
    ...reordered('node:22', 'package.json package-lock.json', 'npm ci', 'npm run build'),
  },
  {
    name: 'npm: a cache mount',
    files: node,
    before: stage('node:22', 'COPY . .', 'RUN npm ci'),
    after: stage('node:22', 'COPY . .', 'RUN --mount=type=cache,target=/root/.npm npm ci'),
    ignore: ['/root/.npm'],
    outcome: 'same',
  },
  {
    name: 'npm: modules in a cache mount are lost',
    files: node,
    before: stage('node:22', 'COPY . .', 'RUN npm ci'),
    after: stage('node:22', 'COPY . .', 'RUN --mount=type=cache,target=/app/node_modules npm ci'),
    outcome: 'differs',
  },
  {
    name: 'yarn',
    files: { ...node, 'yarn.lock': 'lock\n' },
    outcome: 'saves',
    ...reordered('node:22', 'package.json package-lock.json yarn.lock', 'yarn install --frozen-lockfile', 'yarn build'),
  },
  {
    name: 'pnpm',
    files: { ...node, 'pnpm-lock.yaml': 'lock\n' },
    outcome: 'saves',
    ...reordered(
      'node:22',
      'package.json package-lock.json pnpm-lock.yaml',
      'pnpm install --frozen-lockfile',
      'pnpm build',
    ),
  },
  {
    name: 'pip',
    files: { 'requirements.txt': 'flask==3\n-r more.txt\n', 'more.txt': 'click==8\n', 'app/main.py': 'main\n' },
    outcome: 'saves',
    ...reordered('python:3.12', 'requirements.txt more.txt', 'pip install -r requirements.txt', 'python app/main.py'),
  },
  {
    name: 'pip: an included file is missing',
    files: { 'requirements.txt': 'flask==3\n-r more.txt\n', 'more.txt': 'click==8\n', 'app/main.py': 'main\n' },
    outcome: 'differs',
    ...reordered('python:3.12', 'requirements.txt', 'pip install -r requirements.txt', 'python app/main.py'),
  },
  {
    name: 'go',
    files: { 'go.mod': 'module x\n', 'go.sum': 'sums\n', 'cmd/main.go': 'main\n' },
    outcome: 'saves',
    ...reordered('golang:1.22', 'go.mod go.sum', 'go mod download', 'go build -o /out/app ./cmd'),
  },
  {
    name: 'bundler',
    files: { Gemfile: 'gem "rails"\n', 'Gemfile.lock': 'lock\n', 'app/main.rb': 'main\n', Rakefile: 'task\n' },
    outcome: 'saves',
    ...reordered('ruby:3.3', 'Gemfile Gemfile.lock', 'bundle install', 'bundle exec rake assets'),
  },
  {
    name: 'composer: the autoloader needs the source',
    files: { 'composer.json': '{}\n', 'composer.lock': '{}\n', 'src/main.php': 'main\n' },
    outcome: 'differs',
    before: stage('composer:2', 'COPY . .', 'RUN composer install --optimize-autoloader'),
    after: stage(
      'composer:2',
      'COPY composer.json composer.lock ./',
      'RUN composer install --optimize-autoloader',
      'COPY . .',
    ),
  },
  {
    name: 'apt: lists and install in one step',
    files: { 'src/main.c': 'main\n' },
    outcome: 'same',
    before: stage('debian:12', 'COPY . .', 'RUN apt-get update', 'RUN apt-get install -y git'),
    after: stage('debian:12', 'COPY . .', 'RUN apt-get update && apt-get install -y git'),
  },
  {
    name: 'maven: offline without the repository',
    files: { 'pom.xml': '<project/>\n', 'src/Main.java': 'main\n' },
    outcome: 'differs',
    before: stage('maven:3', 'COPY . .', 'RUN mvn dependency:go-offline', 'RUN mvn -o package'),
    after: stage(
      'maven:3',
      'COPY . .',
      'RUN --mount=type=cache,target=/root/.m2 mvn dependency:go-offline',
      'RUN mvn -o package',
    ),
  },
  {
    name: 'modes and owners count',
    files: { 'src/main.c': 'main\n' },
    outcome: 'differs',
    before: stage('debian:12', 'COPY src .'),
    after: stage('debian:12', 'COPY --chown=1000:1000 src .'),
  },
];

/** What is wrong with the outcome; undefined where it is as expected. */
export async function exampleFailure(builder: Builder, example: Example): Promise<string | undefined> {
  const { name, before, after, files, ignore = [], outcome } = example;
  const {
    identical,
    differences,
    stepsRunBefore = 0,
    stepsRunAfter = 0,
  } = await equivalent(builder, before, after, files, { ignore });
  if (identical !== (outcome !== 'differs'))
    return `${name}: ${identical ? 'no difference seen' : differences.join('; ')}`;
  const saves = stepsRunAfter < stepsRunBefore;
  if (outcome === 'saves' && !saves) return `${name}: ${stepsRunBefore} steps before, ${stepsRunAfter} after`;
  return undefined;
}
