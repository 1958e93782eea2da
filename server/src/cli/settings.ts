import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Config, defaultConfig, parseConfig } from '../core/config.ts';
import type { BuildLog } from '../core/workspace.ts';
import { displayPath } from './document.ts';
import { reason } from './find.ts';
import { complain, type Io, UsageError } from './io.ts';

/**
 * The settings of a configuration file. Wrong values are named on stderr and left at their defaults.
 * @throws UsageError where the file cannot be read or is no JSON: silence would check something else than was asked.
 */
export async function loadConfig(io: Io, file: string | undefined): Promise<Config> {
  if (file === undefined) return defaultConfig;
  let text: string;
  try {
    text = await readFile(path.resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: ${reason(error)}`);
  }
  const { config, problems } = parseConfig(parseJson(file, text));
  for (const problem of problems) complain(io, `${file}: ${problem}`);
  return config;
}

/** @throws UsageError where the log that the option names tells of no times. */
export async function loadBuildLog(io: Io, option: string | undefined): Promise<BuildLog | undefined> {
  if (option === undefined) return undefined;
  const file = path.resolve(io.cwd, option);
  const log = await io.readBuildLog({ name: displayPath(io.cwd, file), file });
  if (typeof log === 'string') throw new UsageError(`${option}: ${log}`);
  return log;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${file}: it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
