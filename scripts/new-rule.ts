// npm run new-rule -- ID CATEGORY: a rule's file, its entry in the list and its first case.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Category } from '../server/src/core/rule.ts';
import { rules } from '../server/src/core/rules/index.ts';
import { camelCase, categories, fixtureFile, idProblem, indexWith, ruleFile } from './generated/scaffold.ts';

const root = path.join(__dirname, '..');

function write(file: string, text: string, flag: 'w' | 'wx'): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text, { flag });
  console.log(`  ${file}`);
}

function scaffold(id: string, category: Category): void {
  const file = `server/src/core/rules/${camelCase(id)}.ts`;
  const existing = rules.map((rule) => rule.id);
  console.log('Written:');
  write(file, ruleFile(id, category), 'wx');
  write(`test/rules/${id}/first-case.txt`, fixtureFile(id), 'wx');
  write('server/src/core/rules/index.ts', indexWith(id, existing), 'w');
  console.log(`
Now, in this order:
  1. Write the case in test/rules/${id}/first-case.txt: a Dockerfile, and carets under what must be found.
  2. Write the documentation and the check in ${file} until it passes:
       npx mocha --grep ${id}
  3. Add the cases in which it must be silent, and those in which the fix must be withheld.
  4. npm run generate && npm test
CONTRIBUTING.md has the details.`);
}

function main([id = '', category = '']: readonly string[]): void {
  const known = categories.find((each) => each === category);
  const existing = rules.map((rule) => rule.id);
  const problem = idProblem(id, existing) ?? (known ? undefined : `the category is one of ${categories.join(', ')}`);
  if (problem || !known) {
    console.error(`${problem}\nUsage: npm run new-rule -- ID CATEGORY`);
    process.exitCode = 2;
  } else scaffold(id, known);
}

main(process.argv.slice(2));
