import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One case on the disk. */
export interface FixtureSource {
  readonly name: string;
  readonly source: string;
}

/** The cases of a rule, test/rules/<id>/*.txt, by name. */
export function fixtureSources(id: string): FixtureSource[] {
  const folder = path.join(__dirname, '..', id);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  return names.sort().map((name) => ({ name, source: readFileSync(path.join(folder, name), 'utf8') }));
}
