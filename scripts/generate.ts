// Writes what follows from the rules: their pages, the README's tables and example, the settings in package.json. --check: only says what is out of date.
import { generate, outdated } from './generated/index.ts';

async function main(): Promise<void> {
  const isCheck = process.argv.includes('--check');
  const files = await (isCheck ? outdated() : generate());
  if (files.length === 0) console.log('Everything generated is up to date.');
  else console.log(`${isCheck ? 'Out of date, run npm run generate' : 'Written'}: ${files.join(', ')}`);
  if (isCheck && files.length > 0) process.exitCode = 1;
}

void main();
