import { displayName, version } from '../../../../package.json';
import type { Applicability } from '../../core/fixes.ts';
import type { Finding, Rule, Severity } from '../../core/rule.ts';
import { rules } from '../../core/rules/index.ts';
import type { CheckedFile, Report } from '../check.ts';
import type { Range } from '../document.ts';
import type { Problem } from '../find.ts';
import { placeEdit } from './edits.ts';

const levels: Readonly<Record<Severity | 'off', string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
  off: 'none',
};

/** SARIF 2.1.0 (docs.oasis-open.org/sarif), as code-scanning services read it. */
export function sarif(report: Report): string {
  const run = {
    tool: { driver: { name: displayName, version, rules: rules.map(descriptor) } },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: report.problems.length === 0,
        toolExecutionNotifications: report.problems.map(notification),
      },
    ],
    results: report.files.flatMap((file) => file.findings.map((finding) => resultOf(report.cwd, file, finding))),
  };
  const $schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return `${JSON.stringify({ $schema, version: '2.1.0', runs: [run] })}\n`;
}

const descriptor = ({ id, severity, category, docs }: Rule) => ({
  id,
  shortDescription: { text: docs.summary },
  help: { text: `${docs.why}\n\n${docs.fix}`, markdown: `${docs.why}\n\n${docs.fix}` },
  defaultConfiguration: { enabled: severity !== 'off', level: levels[severity] },
  properties: { tags: [category] },
});

const notification = ({ path, message }: Problem) => ({
  level: 'error',
  message: { text: message },
  locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
});

/** A URI reference: relative below the current folder, otherwise of the file scheme. */
function artifact(path: string) {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  // A drive letter would be taken for a scheme.
  return /^[a-z]:/i.test(path) ? { uri: `file:///${uri}` } : { uri };
}

/** Counts from one, the end exclusive. */
const region = ({ start, end }: Range) => ({
  startLine: start.line + 1,
  startColumn: start.character + 1,
  endLine: end.line + 1,
  endColumn: end.character + 1,
});

const location = (path: string, range: Range) => ({
  physicalLocation: { artifactLocation: artifact(path), region: region(range) },
});

function resultOf(cwd: string, file: CheckedFile, { rule, severity, message, span, related, fixes }: Finding) {
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: message },
    locations: [location(file.path, file.document.rangeOf(span))],
    relatedLocations: related.map((item, id) => ({
      id,
      ...location(file.path, file.document.rangeOf(item.span)),
      message: { text: item.message },
    })),
    // SARIF has no word for moving a file.
    fixes: fixes
      .filter(({ moveTo }) => moveTo === undefined)
      .map((fix) => ({
        description: { text: describe(fix) },
        artifactChanges: changes(cwd, file, fix.edits),
      })),
  };
}

const describe = ({ title, applicability }: { title: string; applicability: Applicability }): string =>
  applicability === 'safe' ? title : `${title} (have a look at it first)`;

function changes(cwd: string, file: CheckedFile, edits: Finding['fixes'][number]['edits']) {
  const placed = edits.map((edit) => placeEdit(cwd, file, edit));
  return [...new Set(placed.map(({ path }) => path))].map((path) => ({
    artifactLocation: artifact(path),
    replacements: placed
      .filter((edit) => edit.path === path)
      .map(({ range, newText }) => ({ deletedRegion: region(range), insertedContent: { text: newText } })),
  }));
}
