import assert from 'node:assert/strict';
import type { Analysis } from '../../../server/src/core/analyze.ts';
import { applyEdits, type Edit, type Fix, mergeFixes } from '../../../server/src/core/fixes.ts';
import type { Finding } from '../../../server/src/core/rule.ts';
import { annotate, position } from './annotations.ts';
import type { Files, Fixture } from './fixture.ts';

/** What the runner needs of an analysis. */
export type Found = Pick<Analysis, 'findings' | 'failures'> & {
  readonly dockerfile: { readonly problems: readonly unknown[] };
};

/** Analyses a text in the fixture's world, whose files may have been edited; the document may have been moved. */
export type Analyze = (text: string, files: Files | undefined, path?: string) => Found;

const bom = '\uFEFF';

/** What must be the same in every spelling of the document: with CRLF, with a byte order mark. */
function summary(text: string, findings: readonly Finding[]): string[] {
  const shift = text.startsWith(bom) ? 1 : 0;
  const at = ({ start, end }: Finding['span']) =>
    position(text.slice(shift), { start: start - shift, end: end - shift });
  return findings.map(
    ({ rule, severity, span, message, related, fixes }) =>
      `${at(span)} ${rule} ${severity}: ${message} [${related.map((item) => `${at(item.span)} ${item.message}`).join('; ')}] {${fixes
        .map(({ title, applicability }) => `${applicability} ${title}`)
        .join('; ')}}`,
  );
}

function checkFindings(fixture: Fixture, own: readonly Finding[]): void {
  const { text } = fixture;
  const shown = `what was found:\n${annotate(text, own)}\n`;
  const expected = fixture.annotations.filter(({ label }) => label !== 'related');
  const line = (span: Finding['span'], label: string) => `${position(text, span)} ${label}`;
  const wanted = expected.map(({ span, label }) => line(span, label)).sort();
  assert.deepEqual(own.map(({ span, rule }) => line(span, rule)).sort(), wanted, shown);
  for (const { span, label, severity } of expected) {
    if (!severity) continue;
    const found = own.find((finding) => line(finding.span, finding.rule) === line(span, label));
    assert.equal(found?.severity, severity, `severity of ${line(span, label)}`);
  }
}

function checkRelated(fixture: Fixture, own: readonly Finding[]): void {
  const expected = fixture.annotations.filter(({ label }) => label === 'related');
  const related = own.flatMap((finding) => finding.related);
  const lines = (items: readonly { readonly span: Finding['span'] }[]) =>
    [...new Set(items.map(({ span }) => `${position(fixture.text, span)} related`))].sort();
  assert.deepEqual(lines(related), lines(expected), `what was found:\n${annotate(fixture.text, own)}\n`);
  for (const { span, message } of expected) {
    const here = related.filter((item) => item.span.start === span.start && item.span.end === span.end);
    const messages = here.map((item) => item.message).join('\n');
    if (message) assert.ok(messages.includes(message), `"${message}" is not in the related message "${messages}"`);
  }
}

function checkMessages(fixture: Fixture, own: readonly Finding[]): void {
  const all = own.map(({ message }) => message).join('\n');
  for (const message of fixture.messages) assert.ok(all.includes(message), `"${message}" is not in "${all}"`);
}

/** Edits of one fix: in bounds, never over one another, and something must change. */
function checkEdits(text: string, { title, edits, moveTo }: Fix): void {
  assert.ok(edits.length > 0 || moveTo, `"${title}" edits nothing`);
  const own = edits.filter(({ path }) => path === undefined).map(({ span }) => span);
  const sorted = own.sort((a, b) => a.start - b.start || a.end - b.end);
  sorted.forEach((span, index) => {
    assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, `"${title}": out of bounds`);
    assert.ok(span.start >= (sorted[index - 1]?.end ?? 0), `"${title}": edits overlap`);
  });
}

/** The other files after the edits; a file that is not there is created. */
function editFiles(files: Files | undefined, edits: readonly Edit[]): Files | undefined {
  const edited = new Map(files);
  for (const path of new Set(edits.flatMap((edit) => edit.path ?? []))) {
    const file = edited.get(path) ?? { text: '', type: 'file', mode: 0o644 };
    const text = applyEdits(
      file.text,
      edits.filter((edit) => edit.path === path),
    );
    edited.set(path, { ...file, text, size: undefined });
  }
  return files && edited;
}

const ownEdits = (edits: readonly Edit[]): Edit[] => edits.filter(({ path }) => path === undefined);

const count = (findings: readonly Finding[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
};

/** The finding must be gone and nothing may be worse than before, for any rule. */
function checkAfter(rule: string, title: string, before: Found, after: Found, text: string): void {
  const what = `after "${title}":\n${annotate(text, after.findings)}\n`;
  assert.deepEqual(after.failures, [], what);
  const { problems } = after.dockerfile;
  assert.ok(problems.length <= before.dockerfile.problems.length, `${what}${JSON.stringify(problems)}`);
  const [was, is] = [count(before.findings), count(after.findings)];
  assert.ok((is.get(rule) ?? 0) < (was.get(rule) ?? 0), `${rule} is still there ${what}`);
  for (const [id, number] of is) assert.ok(number <= (was.get(id) ?? 0), `${id} is new ${what}`);
}

function checkFix(fixture: Fixture, finding: Finding, fix: Fix, before: Found, analyze: Analyze): void {
  checkEdits(fixture.text, fix);
  const text = applyEdits(fixture.text, ownEdits(fix.edits));
  const files = editFiles(fixture.files, fix.edits);
  if (fix.moveTo) assert.ok(!files?.has(fix.moveTo), `"${fix.title}" overwrites ${fix.moveTo}`);
  const expected = fixture.fixed.find(({ title }) => title === fix.title);
  for (const path of new Set(fix.edits.flatMap((edit) => edit.path ?? []))) {
    const wanted = expected?.files.get(path);
    assert.equal(editFiles(new Map(fixture.files), fix.edits)?.get(path)?.text, wanted, `${path} after "${fix.title}"`);
  }
  checkAfter(finding.rule, fix.title, before, analyze(text, files, fix.moveTo), text);
}

/** Fixes in the order in which they are found, against the `--- fixed` sections in the order in which they stand. */
function checkFixes(fixture: Fixture, own: readonly Finding[], before: Found, analyze: Analyze): void {
  const fixes = own.flatMap((finding) => finding.fixes.map((fix) => ({ finding, fix })));
  const title = (fix: { title: string; applicability: string }) => `${fix.applicability}: ${fix.title}`;
  const results = fixes.map(({ fix }) => {
    checkEdits(fixture.text, fix);
    return applyEdits(fixture.text, ownEdits(fix.edits));
  });
  const shown = fixes.map(({ fix }, index) => `--- ${title(fix)}\n${results[index]}`).join('');
  assert.deepEqual(
    fixes.map(({ fix }) => title(fix)).sort(),
    fixture.fixed.map(title).sort(),
    `fixes offered:\n${shown}`,
  );
  const wanted = new Map<string, string[]>();
  for (const fixed of fixture.fixed) wanted.set(title(fixed), [...(wanted.get(title(fixed)) ?? []), fixed.text]);
  fixes.forEach(({ finding, fix }, index) => {
    assert.equal(results[index], wanted.get(title(fix))?.shift(), `"${fix.title}"`);
    checkFix(fixture, finding, fix, before, analyze);
  });
}

/** All fixes together, again and again: it must come to rest, with no fix left. */
function checkSettles(rule: string, fixture: Fixture, analyze: Analyze): void {
  let { text, files } = fixture;
  for (let pass = 0; pass <= 5; pass++) {
    const findings = analyze(text, files).findings.filter((finding) => finding.rule === rule);
    const edits = mergeFixes(
      findings.flatMap(({ fixes }) => fixes.slice(0, 1)),
      text,
    );
    if (edits.length === 0) return;
    text = applyEdits(text, ownEdits(edits));
    files = editFiles(files, edits);
  }
  assert.fail(`the fixes of ${rule} never come to rest:\n${text}`);
}

/** The same document in another spelling must say the same and be mended the same way. */
function checkVariant(
  name: string,
  spell: (text: string) => string,
  fixture: Fixture,
  before: Found,
  analyze: Analyze,
): void {
  const text = spell(fixture.text);
  const found = analyze(text, fixture.files);
  assert.deepEqual(
    summary(text, found.findings),
    summary(fixture.text, before.findings),
    `${name} is read differently`,
  );
  found.findings.forEach(({ fixes }, index) => {
    fixes.forEach((fix, at) => {
      const original = before.findings[index]?.fixes[at];
      checkEdits(text, fix);
      const wanted = original && spell(applyEdits(fixture.text, ownEdits(original.edits)));
      assert.equal(applyEdits(text, ownEdits(fix.edits)), wanted, `"${fix.title}" in a file with ${name}`);
    });
  });
}

/**
 * Proves one case: the exact findings of `rule` (and of the rules the case annotates) with their spans, related steps and messages;
 * each fix's exact text, that it mends the finding and breaks nothing, that fixing comes to rest; and all of it with CRLF and BOM.
 * @throws AssertionError
 */
export function checkFixture(rule: string, fixture: Fixture, analyze: Analyze): void {
  const found = analyze(fixture.text, fixture.files);
  assert.deepEqual(found.failures, []);
  const rules = new Set([rule, ...fixture.annotations.map(({ label }) => label)]);
  const own = found.findings.filter((finding) => rules.has(finding.rule));
  checkFindings(fixture, own);
  checkRelated(fixture, own);
  checkMessages(fixture, own);
  checkFixes(fixture, own, found, analyze);
  checkSettles(rule, fixture, analyze);
  checkVariant('CRLF', (text) => text.replace(/\n/g, '\r\n'), fixture, found, analyze);
  checkVariant('a byte order mark', (text) => bom + text, fixture, found, analyze);
}
