import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rules } from '../../server/src/core/rules/index.ts';
import { exampleSection } from './example.ts';
import { withRuleSettings } from './manifest.ts';
import { between, ruleTable, settingsTable } from './readme.ts';
import { rulePage } from './rulePage.ts';

const root = path.join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** A file and the text that it must have; undefined for one that must not be there. */
type Output = readonly [file: string, text: string | undefined];

/** Everything that is generated: the settings in package.json, the tables and the example in the README, a page per rule. */
async function outputs(): Promise<Output[]> {
  const manifest = withRuleSettings(read('package.json'), rules);
  const tables = between(between(read('README.md'), 'rules', ruleTable(rules)), 'settings', settingsTable(manifest));
  const readme = between(tables, 'example', await exampleSection(path.join(root, 'examples/node-app')));
  const pages = rules.map((rule): Output => [`docs/rules/${rule.id}.md`, rulePage(rule)]);
  const wanted = new Set(pages.map(([file]) => file));
  const existing = readdirSync(path.join(root, 'docs/rules')).map((name) => `docs/rules/${name}`);
  const stale = existing.filter((file) => !wanted.has(file)).map((file): Output => [file, undefined]);
  return [['package.json', manifest], ['README.md', readme], ...pages, ...stale];
}

const isCurrent = ([file, text]: Output): boolean =>
  (existsSync(path.join(root, file)) ? read(file) : undefined) === text;

/** The generated files that are not what they would be now. */
export const outdated = async (): Promise<string[]> =>
  (await outputs()).filter((output) => !isCurrent(output)).map(([file]) => file);

/** Writes them. @returns those that changed */
export async function generate(): Promise<string[]> {
  const changed = (await outputs()).filter((output) => !isCurrent(output));
  mkdirSync(path.join(root, 'docs/rules'), { recursive: true });
  for (const [file, text] of changed) {
    if (text === undefined) rmSync(path.join(root, file));
    else writeFileSync(path.join(root, file), text);
  }
  return changed.map(([file]) => file);
}
