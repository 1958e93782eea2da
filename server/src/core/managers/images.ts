import type { Stage } from '../build/graph.ts';
import { imageReference } from '../syntax/imageReference.ts';
import { memoize } from '../syntax/memo.ts';

/** The user an image runs as, or has ready for `USER`. */
export interface KnownUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** The image's own variable that holds the name or the number: `USER $APP_UID`. */
  readonly variable?: string;
  /** Folders that the image has in this home, and that are the user's. */
  readonly folders?: readonly string[];
}

/** What is known of an image without pulling it, from its own Dockerfile. */
export interface ImageFacts {
  /** Variables it sets that move caches. */
  readonly env?: Readonly<Record<string, string>>;
  /** Users it has besides root. */
  readonly users?: readonly KnownUser[];
  /** Name of the user it runs as, where that is not root. */
  readonly user?: string;
}

const user = (name: string, uid: number, home = `/home/${name}`, gid = uid): KnownUser => ({ name, uid, gid, home });

/** The .NET images of version 8 and later have this user; its number is also in APP_UID. */
const dotnet: ImageFacts = { users: [{ ...user('app', 1654), variable: 'APP_UID' }] };
const conda: ImageFacts = { env: { CONDA_DIR: '/opt/conda' } };

/** By repository, `docker.io/library/` left out. From the Dockerfiles of the images. */
const images: Readonly<Record<string, ImageFacts>> = {
  node: { users: [user('node', 1000)] },
  golang: { env: { GOPATH: '/go' } },
  rust: { env: { CARGO_HOME: '/usr/local/cargo', RUSTUP_HOME: '/usr/local/rustup' } },
  'lukemathwalker/cargo-chef': { env: { CARGO_HOME: '/usr/local/cargo', RUSTUP_HOME: '/usr/local/rustup' } },
  ruby: { env: { GEM_HOME: '/usr/local/bundle', BUNDLE_APP_CONFIG: '/usr/local/bundle' } },
  jruby: { env: { GEM_HOME: '/usr/local/bundle', BUNDLE_APP_CONFIG: '/usr/local/bundle' } },
  composer: { env: { COMPOSER_HOME: '/tmp', COMPOSER_CACHE_DIR: '/tmp/cache' } },
  gradle: { env: { GRADLE_USER_HOME: '/home/gradle/.gradle' }, users: [user('gradle', 1000)] },
  maven: { env: { MAVEN_CONFIG: '/root/.m2' } },
  'oven/bun': { users: [user('bun', 1000)] },
  'denoland/deno': { env: { DENO_DIR: '/deno-dir' }, users: [user('deno', 1993)] },
  'ghcr.io/pnpm/pnpm': { env: { PNPM_HOME: '/pnpm' } },
  'continuumio/miniconda3': conda,
  'continuumio/anaconda3': conda,
  'condaforge/miniforge3': conda,
  'condaforge/mambaforge': conda,
  'mambaorg/micromamba': {
    env: { MAMBA_ROOT_PREFIX: '/opt/conda' },
    users: [{ ...user('mambauser', 57439), variable: 'MAMBA_USER' }],
    user: 'mambauser',
  },
  'mcr.microsoft.com/dotnet/sdk': dotnet,
  'mcr.microsoft.com/dotnet/aspnet': dotnet,
  'mcr.microsoft.com/dotnet/runtime': dotnet,
  'mcr.microsoft.com/dotnet/runtime-deps': dotnet,
  // github.com/ocurrent/ocaml-dockerfile, opam.ml: `adduser --uid 1000 opam`, USER opam, `opam init`.
  'ocaml/opam': { users: [{ ...user('opam', 1000), folders: ['.opam'] }], user: 'opam' },
  'ghcr.io/actions/actions-runner': { users: [user('runner', 1001)], user: 'runner' },
  'jenkins/agent': { users: [user('jenkins', 1000)], user: 'jenkins' },
  'jenkins/inbound-agent': { users: [user('jenkins', 1000)], user: 'jenkins' },
  'apache/airflow': { users: [user('airflow', 50000, '/home/airflow', 0)], user: 'airflow' },
  'jenkins/jenkins': { users: [user('jenkins', 1000, '/var/jenkins_home')], user: 'jenkins' },
};

/** The notebook images of Jupyter's docker-stacks. */
const notebook: ImageFacts = {
  env: { CONDA_DIR: '/opt/conda' },
  users: [{ ...user('jovyan', 1000, '/home/jovyan', 100), variable: 'NB_UID' }],
  user: 'jovyan',
};

const factsOf = (repository: string): ImageFacts | undefined => {
  if (/^(quay\.io\/)?jupyter\/[a-z-]+-notebook$/.test(repository)) return notebook;
  return Object.hasOwn(images, repository) ? images[repository] : undefined;
};

/** Official images whose only moves are the ones above: their root has the usual home and no other variables. */
const official = new Set(
  `almalinux alpine amazoncorretto amazonlinux archlinux bash buildpack-deps busybox caddy centos clojure dart debian docker eclipse-temurin
  elixir erlang fedora gcc haskell httpd ibmjava julia mongo mysql nginx openjdk perl php postgres python pypy r-base redis rockylinux rocker
  sapmachine swift tomcat ubuntu`.split(/\s+/),
);

/** Repositories whose images run as a user of their own that is not known here. */
const otherUsers =
  /^(cgr\.dev\/|bitnami|jupyter\/|quay\.io\/jupyter\/|cimg\/|circleci\/|gitpod\/|codercom\/|ghcr\.io\/puppeteer\/|registry\.access\.redhat\.com\/ubi\d+\/(nodejs|python|ruby|php|openjdk|go))/;

/** `python` for `python:3.12-slim@sha256:…`, `docker.io/library/python` and the mirrors of the official images. */
export function repositoryOf(ref: string): string {
  const { registry, repository } = imageReference(ref);
  return [registry, repository]
    .filter(Boolean)
    .join('/')
    .toLowerCase()
    .replace(
      /^(docker\.io|index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com|mirror\.gcr\.io|public\.ecr\.aws\/docker)\//,
      '',
    )
    .replace(/^(.*\/)?library\//, '');
}

export interface BaseImage {
  /** Undefined for scratch and where a variable in FROM is not known. */
  readonly repository: string | undefined;
  readonly tag: string;
  readonly facts: ImageFacts;
  /** Whether its variables are known: an image of the lists here. */
  readonly known: boolean;
  /** Why the user it runs as is not known; undefined where it is known or, as nearly always, root. */
  readonly unknownUser: string | undefined;
}

/** Whether an image is one of the lists here, whatever its tag. */
export function isKnownImage(ref: string): boolean {
  const repository = repositoryOf(ref);
  return factsOf(repository) !== undefined || official.has(repository);
}

const noImage: BaseImage = { repository: undefined, tag: '', facts: {}, known: false, unknownUser: undefined };

export const baseImage = ({ image }: Stage): BaseImage => (image === undefined ? noImage : imageNamed(image));

/** Every call in a file asks for its image: a name's answer never changes. */
const imageNamed = memoize(10_000, (image: string): BaseImage => {
  const repository = repositoryOf(image);
  const facts = factsOf(repository);
  return {
    repository,
    tag: imageReference(image).tag ?? '',
    facts: facts ?? {},
    known: isKnownImage(image),
    unknownUser:
      !facts && otherUsers.test(repository) ? `the image ${repository} runs as a user of its own` : undefined,
  };
});
