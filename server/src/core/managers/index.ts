import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { bun } from './bun.ts';
import { cargo } from './cargo.ts';
import { conda } from './conda.ts';
import { deno } from './deno.ts';
import { dnf } from './dnf.ts';
import { go } from './go.ts';
import { gradle } from './gradle.ts';
import type { Manager } from './manager.ts';
import { maven } from './maven.ts';
import { npm } from './npm.ts';
import { pacman } from './pacman.ts';
import { pdm } from './pdm.ts';
import { pip } from './pip.ts';
import { pipenv } from './pipenv.ts';
import { pnpm } from './pnpm.ts';
import { poetry } from './poetry.ts';
import { sbt } from './sbt.ts';
import { uv } from './uv.ts';
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
  apt,
  apk,
  dnf,
  zypper,
  pacman,
];
