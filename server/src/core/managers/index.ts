import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { bun } from './bun.ts';
import { bundler } from './bundler.ts';
import { cabal } from './cabal.ts';
import { cargo } from './cargo.ts';
import { ccache } from './ccache.ts';
import { composer } from './composer.ts';
import { conan } from './conan.ts';
import { conda } from './conda.ts';
import { cpanm } from './cpanm.ts';
import { dart } from './dart.ts';
import { deno } from './deno.ts';
import { dnf } from './dnf.ts';
import { dotnet } from './dotnet.ts';
import { gem } from './gem.ts';
import { go } from './go.ts';
import { gradle } from './gradle.ts';
import { julia } from './julia.ts';
import { lein } from './lein.ts';
import { luarocks } from './luarocks.ts';
import type { Manager } from './manager.ts';
import { maven } from './maven.ts';
import { mix } from './mix.ts';
import { npm } from './npm.ts';
import { opam } from './opam.ts';
import { pacman } from './pacman.ts';
import { pdm } from './pdm.ts';
import { pip } from './pip.ts';
import { pipenv } from './pipenv.ts';
import { pnpm } from './pnpm.ts';
import { poetry } from './poetry.ts';
import { renv } from './renv.ts';
import { sbt } from './sbt.ts';
import { stack } from './stack.ts';
import { swift } from './swift.ts';
import { uv } from './uv.ts';
import { vcpkg } from './vcpkg.ts';
import { yarn } from './yarn.ts';
import { zypper } from './zypper.ts';

/** All package managers: the only list of them. */
export const managers: readonly Manager[] = [
  npm,
  yarn,
  pnpm,
  bun,
  deno,
  pip,
  pipenv,
  poetry,
  uv,
  pdm,
  conda,
  go,
  cargo,
  maven,
  gradle,
  sbt,
  dotnet,
  composer,
  bundler,
  gem,
  mix,
  cabal,
  stack,
  swift,
  conan,
  vcpkg,
  ccache,
  renv,
  dart,
  julia,
  lein,
  opam,
  cpanm,
  luarocks,
  apt,
  apk,
  dnf,
  zypper,
  pacman,
];
