import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { outdated } from '../scripts/generated/index.ts';
import { camelCase } from '../scripts/generated/scaffold.ts';
import { parseConfig } from '../server/src/core/config.ts';
import { rules } from '../server/src/core/rules/index.ts';
import { forbidden } from './tidy/layers.ts';
import { filesBelow, importsOf, read, root } from './tidy/sources.ts';

const all = filesBelow();
const sources = all.filter((file) => /^(client|server|test|scripts)\/.*\.(ts|mjs|cjs|js)$/.test(file));
const product = sources.filter((file) => /^(client|server)\//.test(file));
const lines = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** Files in which a pattern occurs. */
const withText = (files: readonly string[], pattern: RegExp): string[] =>
  files.filter((file) => pattern.test(read(file)));

describe('the layers', () => {
  it('import one way only', () => {
    assert.deepEqual(
      product.flatMap((file) => importsOf(file)).flatMap((each) => forbidden(each) ?? []),
      [],
    );
  });

  it('are told apart by this test', () => {
    const wrong = {
      'server/src/core/rules/a.ts': "import { b } from './b.ts';",
      'server/src/core/build/a.ts': "import type { Model } from '../cache/model.ts';",
      'server/src/core/analyze.ts': "import { readFileSync } from 'node:fs';",
      'server/src/core/syntax/a.ts': "import {\n  minimatch,\n} from 'minimatch';",
      'server/src/cli/check.ts': "import { gather } from '../node/gather.ts';",
      'server/src/lsp/a.ts': "export { run } from '../cli/run.ts';",
      'server/src/browser/a.ts': "const fs = await import('node:fs');",
      'client/src/extension.ts': "import { rules } from '../../server/src/core/rules/index.ts';",
      'server/src/core/fixes.ts': "import { span } from './syntax/span';",
      'server/src/lsp/server.ts': "import { serve } from './serve.ts';",
      'server/src/utils/a.ts': "import '../core/rule.ts';",
    };
    for (const [file, text] of Object.entries(wrong)) {
      assert.notEqual(importsOf(file, text).map(forbidden).filter(Boolean).length, 0, `${file}: ${text}`);
    }
  });

  it('keep their mains short', () => {
    const mains = product.filter((file) => path.posix.basename(file) === 'main.ts');
    assert.ok(mains.length >= 4, mains.join());
    assert.deepEqual(
      mains.filter((file) => lines(read(file)) > 40),
      [],
    );
  });
});

describe('source files', () => {
  it('have at most 300 lines', () => {
    assert.deepEqual(
      sources.filter((file) => lines(read(file)) > 300),
      [],
    );
  });

  // Written so that this file does not find itself. A test may leave itself out where the machine lacks something: on the line of the `if`.
  const banned: Record<string, RegExp> = {
    'leave tests out': /\b(describe|it|context)\.(only|skip)\(|\bx(it|describe)\(|^\s*this\.skip\(\);$/m,
    'put work off': new RegExp(`\\b(TO${''}DO|FIX${''}ME|X${''}XX|HACK)\\b`),
    'silence the type checker': new RegExp(`@ts-(ign${''}ore|expect-error|nocheck)`),
    'give up types': /(:|\bas|<|\|)\s*any\b(?=\s*[,;)>\]=|[{]|$)|\bany\[\]/m,
  };
  for (const [what, pattern] of Object.entries(banned)) {
    it(`do not ${what}`, () => {
      const others = sources.filter((file) => file !== 'test/tidy.test.ts');
      assert.deepEqual(withText(others, pattern), []);
    });
  }

  it('finds what it bans', () => {
    const samples = [
      'it.only(',
      'xdescribe(',
      '// TO' + 'DO: later',
      '// @ts-ign' + 'ore',
      'x: any;',
      'y as any)',
      'z: any[]',
    ];
    for (const sample of samples)
      assert.ok(
        Object.values(banned).some((pattern) => pattern.test(sample)),
        sample,
      );
    for (const sample of ['of any kind', 'any: true', 'item.skip', 'const any = 1']) {
      assert.ok(!Object.values(banned).some((pattern) => pattern.test(sample)), sample);
    }
  });
});

describe('rules', () => {
  it('are all listed, one file each, in the order of their names', () => {
    const files = readdirSync(path.join(root, 'server/src/core/rules')).filter((name) => name !== 'index.ts');
    assert.deepEqual(files.sort(), rules.map(({ id }) => `${camelCase(id)}.ts`).sort());
    assert.deepEqual(
      rules.map(({ id }) => id),
      rules.map(({ id }) => id).sort(),
    );
  });

  for (const { id, docs } of rules) {
    it(`${id} has fixtures and a page`, () => {
      const folder = path.join(root, 'test/rules', id);
      assert.ok(
        existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.txt')),
        `no test/rules/${id}/*.txt`,
      );
      assert.ok(existsSync(path.join(root, `docs/rules/${id}.md`)), `no docs/rules/${id}.md: npm run generate`);
    });

    it(`${id} is documented in full`, () => {
      assert.match(id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
      assert.match(docs.summary, /^[A-Z`].*[^.]$/, 'the summary is one line without a full stop');
      assert.ok(docs.summary.length <= 120, 'the summary is longer than a table bears');
      for (const part of ['why', 'fix', 'ignore'] as const) assert.match(docs[part], /\.\s*$/, `docs.${part}`);
      for (const reference of docs.references) assert.match(reference, /^https:\/\//);
    });
  }
});

describe('generated files', () => {
  it('are up to date (npm run generate)', async () => assert.deepEqual(await outdated(), []));

  it('declare only settings that the server knows, with defaults that it accepts', () => {
    const { contributes } = JSON.parse(read('package.json'));
    const properties: Record<string, { default?: unknown }> = contributes.configuration.properties;
    const settings = Object.entries(properties).map(([name, { default: value }]) => [name, value]);
    assert.deepEqual(parseConfig(Object.fromEntries(settings)).problems, []);
  });
});

describe('the repository', () => {
  it('names no machine: not this checkout, not a home folder, no private registry', () => {
    const homes = [root, homedir()].filter((folder) => folder.split(path.sep).length > 2);
    const registry = process.env.npm_config_registry ?? '';
    const hosts = /registry\.npmjs\.org/.test(registry) || registry === '' ? [] : [new URL(registry).host];
    const texts = all
      .filter((file) => !/\.(png|gif|woff2?|vsix|wasm)$/.test(file))
      .map((file) => [file, read(file)] as const);
    for (const secret of [...homes, ...hosts]) {
      assert.deepEqual(
        texts.filter(([, text]) => text.includes(secret)).map(([file]) => file),
        [],
        'these name a place that is only here',
      );
    }
    const locks = texts.filter(([file]) => file.endsWith('package-lock.json'));
    for (const [file, text] of locks) {
      const resolved = [...text.matchAll(/"resolved": "(?!https:\/\/registry\.npmjs\.org\/)(.*?)"/g)].map(
        (match) => match[1],
      );
      assert.deepEqual(resolved, [], file);
    }
  });

  it('keeps a changelog (keepachangelog.com)', () => {
    const text = read('CHANGELOG.md');
    assert.match(text, /^# Changelog\n/);
    const versions = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1] ?? '');
    assert.equal(versions[0], '[Unreleased]');
    for (const version of versions.slice(1)) assert.match(version, /^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
    for (const [, kind] of text.matchAll(/^### (.*)$/gm)) {
      assert.match(kind ?? '', /^(Added|Changed|Deprecated|Removed|Fixed|Security)$/);
    }
    assert.match(text, /^### [\s\S]*?^- /m, 'no entry');
  });
});
