import type { Builder } from './cache/model.ts';
import type { Severity } from './rule.ts';

/** The settings of one folder, checked. */
export interface Config {
  /** Severity per rule id; `off` silences it. Rules that are not named keep their default. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Options per rule id. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly builder: Builder;
  /** Build arguments as the build passes them. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Dockerfile (glob relative to the workspace folder) → context folder. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** Whether the git history may be read. */
  readonly history: boolean;
}

export const defaultConfig: Config = {
  rules: {},
  options: {},
  builder: 'buildkit',
  buildArgs: {},
  contexts: {},
  target: undefined,
  history: true,
};
