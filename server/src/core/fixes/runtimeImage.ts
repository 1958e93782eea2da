import type { Stage } from '../build/graph.ts';
import { baseImage } from '../managers/images.ts';

const codename = /(bullseye|bookworm|trixie|forky)/;

/** Images without a toolchain in which what is compiled here runs: of the same C library, and at least as new. */
const byRepository: Readonly<Record<string, (tag: string, isWeb: boolean) => string | undefined>> = {
  golang: (tag) => systemOf(tag),
  rust: (tag) => systemOf(tag),
  'eclipse-temurin': (tag) => jre(/^(\d+)[^-]*(.*)$/.exec(tag)),
  maven: (tag) => jre(/(?:temurin|openjdk|jdk)-(\d+)(.*)$/.exec(tag)),
  gradle: (tag) => jre(/jdk-?(\d+)(.*)$/.exec(tag)),
  openjdk: (tag) => jre(/^(\d+)[^-]*(.*)$/.exec(tag)),
  'mcr.microsoft.com/dotnet/sdk': (tag, isWeb) => {
    const [, version, rest = ''] = /^(\d+\.\d+)(?:\.\d+)?(-[a-z][\w.-]*)?$/.exec(tag) ?? [];
    return version && `mcr.microsoft.com/dotnet/${isWeb ? 'aspnet' : 'runtime'}:${version}${rest}`;
  },
};

/** `alpine:3.22`, `debian:bookworm-slim`; without a name in the tag Debian's current release, which no image is ahead of. */
function systemOf(tag: string): string {
  const alpine = /alpine(3\.\d+)?/.exec(tag);
  return alpine ? `alpine:${alpine[1] ?? '3'}` : `debian:${codename.exec(tag)?.[1] ?? 'stable'}-slim`;
}

const jre = (found: RegExpExecArray | null): string | undefined =>
  found?.[1] &&
  `eclipse-temurin:${found[1]}-jre${/alpine|jammy|noble/.test(found[2] ?? '') ? `-${/alpine|jammy|noble/.exec(found[2] ?? '')?.[0]}` : ''}`;

/** The image for what a stage compiles; undefined where none is known to fit. */
export function runtimeImage(stage: Stage, isWeb: boolean): string | undefined {
  const { repository = '', tag } = baseImage(stage);
  return Object.hasOwn(byRepository, repository) ? byRepository[repository]?.(tag, isWeb) : undefined;
}

const toolchains =
  /^(golang|rust|maven|gradle|swift|haskell|sapmachine|clojure|mcr\.microsoft\.com\/dotnet\/sdk|mcr\.microsoft\.com\/openjdk\/jdk|(eclipse-temurin|openjdk|amazoncorretto|azul\/zulu-openjdk|bellsoft\/liberica-openjdk-\w+)$)/;

/** Whether an image brings a compiler that nothing needs once the program is built. */
export function isToolchain(stage: Stage): boolean {
  const { repository = '', tag } = baseImage(stage);
  return toolchains.test(repository) && !/jre|headless|runtime/.test(tag);
}
