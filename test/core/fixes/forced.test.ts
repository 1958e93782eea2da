import assert from 'node:assert/strict';
import { analyze } from '../../../server/src/core/analyze.ts';
import { defaultConfig } from '../../../server/src/core/config.ts';
import { snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';

const dockerfile = 'FROM haskell:9.12\nCOPY . .\nRUN stack install\n';
const settings = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`.vscode/${at}.json`, '{}']));
const files = { 'package.yaml': 'dependencies: githash\n', '.gitignore': '.vscode\n', '.git/HEAD': '', ...settings };

/** What would be written into a new ignore file. */
function proposed(forced: readonly string[] | undefined): string | undefined {
  const facts = { context: snapshotOfTexts(files), history: { commits: [], forced } };
  const { findings } = analyze(dockerfile, facts, defaultConfig);
  return findings.find(({ rule }) => rule === 'missing-dockerignore')?.fixes[0]?.edits[0]?.newText;
}

describe('what git ignores in a build whose version git tells', () => {
  it('can be kept out where git tracks nothing of it', () => {
    assert.equal(proposed([]), '# Editors\n**/.vscode\n');
    assert.equal(proposed(['docs/.vscode.md']), '# Editors\n**/.vscode\n');
  });

  it('stays where git tracks some of it, and settings of editors where git is not asked', () => {
    assert.equal(proposed(['.vscode/1.json']), undefined);
    assert.equal(proposed(undefined), undefined);
  });
});
