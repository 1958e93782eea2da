/** What an official image has that decides where tools read and write: variables, users, files. Read from the images' own Dockerfiles. */
export interface Family {
  readonly env: Readonly<Record<string, string>>;
  /** `name:uid:gid:home` */
  readonly users: readonly string[];
  /** The user it runs as. */
  readonly user?: string;
  readonly folders: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

const plain: Family = { env: {}, users: ['node:1000:1000:/home/node'], folders: [], links: {}, files: {} };

const family = (more: Partial<Family>): Partial<Family> => more;

/** By the first word of the repository's last component. */
const families: Readonly<Record<string, Partial<Family>>> = {
  golang: family({
    env: { GOPATH: '/go' },
    folders: ['go', 'go/bin', 'go/src', 'etc/ssl', 'etc/ssl/certs'],
    files: { 'etc/ssl/certs/ca-certificates.crt': 'certificates\n' },
  }),
  rust: family({
    env: { CARGO_HOME: '/usr/local/cargo', RUSTUP_HOME: '/usr/local/rustup' },
    folders: ['usr/local/cargo', 'usr/local/cargo/bin', 'usr/local/rustup'],
  }),
  ruby: family({
    env: { GEM_HOME: '/usr/local/bundle', BUNDLE_SILENCE_ROOT_WARNING: '1', BUNDLE_APP_CONFIG: '/usr/local/bundle' },
    folders: ['usr/local/bundle'],
  }),
  composer: family({ env: { COMPOSER_ALLOW_SUPERUSER: '1', COMPOSER_HOME: '/tmp' } }),
  // Root's home has a link to the other user's.
  gradle: family({
    env: { GRADLE_HOME: '/opt/gradle' },
    users: ['gradle:1000:1000:/home/gradle'],
    folders: ['home/gradle', 'home/gradle/.gradle'],
    links: { 'root/.gradle': '/home/gradle/.gradle' },
  }),
  maven: family({ env: { MAVEN_HOME: '/usr/share/maven', MAVEN_CONFIG: '/root/.m2' } }),
  bun: family({ users: ['bun:1000:1000:/home/bun'], folders: ['home/bun', 'home/bun/app'] }),
  deno: family({ env: { DENO_DIR: '/deno-dir/' }, users: ['deno:1993:1993:/home/deno'], folders: ['deno-dir'] }),
  sdk: family({ env: { APP_UID: '1654' }, users: ['app:1654:1654:/home/app'], folders: ['home/app'] }),
  aspnet: family({ env: { APP_UID: '1654' }, users: ['app:1654:1654:/home/app'], folders: ['home/app'] }),
  miniconda3: family({ folders: ['opt', 'opt/conda', 'opt/conda/pkgs', 'opt/conda/envs'] }),
  micromamba: family({
    env: { MAMBA_ROOT_PREFIX: '/opt/conda', MAMBA_USER: 'mambauser' },
    users: ['mambauser:57439:57439:/home/mambauser'],
    user: 'mambauser',
    folders: ['opt', 'opt/conda', 'home/mambauser'],
  }),
  opam: family({ users: ['opam:1000:1000:/home/opam'], user: 'opam', folders: ['home/opam', 'home/opam/.opam'] }),
  // Its dnf is dnf5, which keeps things elsewhere.
  fedora: family({ folders: ['var/cache/libdnf5'] }),
  alpine: family({ folders: ['etc/apk', 'var/cache/apk'] }),
};

/** Hooks of Debian's official images, which all that are built on them have too. */
const debian: Partial<Family> = {
  folders: [
    'etc/apt',
    'etc/apt/apt.conf.d',
    'var/cache/apt',
    'var/cache/apt/archives',
    'var/lib/apt',
    'var/lib/apt/lists',
  ],
  files: {
    'etc/apt/apt.conf.d/docker-clean': 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n',
    'etc/apt/sources.list': 'deb http://deb.debian.org/debian stable main\n',
  },
};

const others = /alpine|fedora|alma|rocky|opensuse|arch|amazon|scratch|deno|bun|micromamba|stand-in/;

/** Of an image's name: `node:22-slim`, `mcr.microsoft.com/dotnet/sdk:9.0`. */
export function familyOf(image: string): Family {
  const repository =
    image
      .replace(/[:@].*$/, '')
      .split('/')
      .at(-1) ?? '';
  const own = families[image.includes('alpine') && repository === 'alpine' ? 'alpine' : repository] ?? {};
  const system = others.test(image) ? (image.includes('alpine') ? (families.alpine ?? {}) : {}) : debian;
  return {
    ...plain,
    ...own,
    users: [...plain.users.filter(() => own.users === undefined), ...(own.users ?? [])],
    folders: [...new Set([...(own.folders ?? []), ...(system.folders ?? [])])],
    links: own.links ?? {},
    files: { ...own.files, ...system.files },
  };
}
