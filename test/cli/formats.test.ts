import assert from 'node:assert/strict';
import { github } from '../../server/src/cli/format/github.ts';
import { json } from '../../server/src/cli/format/json.ts';
import { sarif } from '../../server/src/cli/format/sarif.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import { checkedFile, finding, reportOf, spanOf } from './lib/report.ts';

const range = (startLine: number, start: number, endLine: number, end: number) => ({
  start: { line: startLine, character: start },
  end: { line: endLine, character: end },
});

describe('format json', () => {
  it('is exactly what the documentation promises', () => {
    assert.deepEqual(JSON.parse(json(reportOf(finding))), {
      version: 1,
      files: [
        {
          path: 'app/Dockerfile',
          findings: [
            {
              rule: 'early-arg',
              severity: 'warning',
              message: 'Any of 214 files makes this run again.',
              range: range(1, 5, 1, 8),
              related: [{ range: range(2, 0, 2, 3), message: 'Runs again.' }],
              fixes: [
                {
                  title: 'Copy less',
                  applicability: 'safe',
                  edits: [
                    { path: 'app/Dockerfile', range: range(1, 5, 1, 8), newText: 'a b' },
                    { path: 'app/.dockerignore', range: range(1, 0, 1, 0), newText: 'b\n' },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('lists files without findings, and is one line', () => {
    assert.equal(json(reportOf()), '{"version":1,"files":[{"path":"app/Dockerfile","findings":[]}]}\n');
  });
});

describe('format github', () => {
  it('writes one workflow command per finding', () => {
    assert.equal(
      github(reportOf(finding, { ...finding, severity: 'hint', span: spanOf('npm ci \\\n  && npm') })),
      [
        '::warning file=app/Dockerfile,line=2,endLine=2,col=6,endColumn=9,title=cache-lens%3A early-arg::Any of 214 files makes this run again.\n',
        '::notice file=app/Dockerfile,line=3,endLine=4,title=cache-lens%3A early-arg::Any of 214 files makes this run again.\n',
      ].join(''),
    );
  });

  it('lets no name and no message end the command', () => {
    const message = '100% of\r\n::error::owned\u001b[2J';
    const file = checkedFile([{ ...finding, message }], 'a:b,c%/\nDockerfile');
    const output = github({ ...reportOf(), files: [file] });
    assert.match(output, /^::warning file=a%3Ab%2Cc%25\/%0ADockerfile,/);
    assert.match(output, /::100%25 of\uFFFD%0A::error::owned\uFFFD\[2J\n$/);
    assert.equal(output.split('\n').length, 2);
  });
});

describe('format sarif', () => {
  const run = (output: string) => JSON.parse(output).runs[0];

  it('places results, related lines and fixes, counted from one', () => {
    const { results, tool, columnKind } = run(sarif(reportOf(finding)));
    const region = (startLine: number, startColumn: number, endLine: number, endColumn: number) => ({
      startLine,
      startColumn,
      endLine,
      endColumn,
    });
    const artifactLocation = { uri: 'app/Dockerfile' };
    assert.equal(columnKind, 'utf16CodeUnits');
    assert.deepEqual(results, [
      {
        ruleId: 'early-arg',
        ruleIndex: rules.findIndex(({ id }) => id === 'early-arg'),
        level: 'warning',
        message: { text: 'Any of 214 files makes this run again.' },
        locations: [{ physicalLocation: { artifactLocation, region: region(2, 6, 2, 9) } }],
        relatedLocations: [
          {
            id: 0,
            physicalLocation: { artifactLocation, region: region(3, 1, 3, 4) },
            message: { text: 'Runs again.' },
          },
        ],
        fixes: [
          {
            description: { text: 'Copy less' },
            artifactChanges: [
              {
                artifactLocation,
                replacements: [{ deletedRegion: region(2, 6, 2, 9), insertedContent: { text: 'a b' } }],
              },
              {
                artifactLocation: { uri: 'app/.dockerignore' },
                replacements: [{ deletedRegion: region(2, 1, 2, 1), insertedContent: { text: 'b\n' } }],
              },
            ],
          },
        ],
      },
    ]);
    assert.deepEqual(
      tool.driver.rules.map(({ id }: { id: string }) => id),
      rules.map(({ id }) => id),
    );
  });

  it('encodes paths as URIs', () => {
    const uri = (path: string) => {
      const { results } = run(sarif({ ...reportOf(), files: [checkedFile([finding], path)] }));
      return results[0].locations[0].physicalLocation.artifactLocation.uri;
    };
    assert.equal(uri('a b/Dockerfile#1%'), 'a%20b/Dockerfile%231%25');
    assert.equal(uri('/srv/Dockerfile'), 'file:///srv/Dockerfile');
    assert.equal(uri('C:/app/Dockerfile'), 'file:///C%3A/app/Dockerfile');
  });

  it('says what could not be read', () => {
    const { invocations } = run(sarif({ ...reportOf(), problems: [{ path: 'x', message: 'permission denied' }] }));
    assert.equal(invocations[0].executionSuccessful, false);
    assert.equal(invocations[0].toolExecutionNotifications[0].message.text, 'permission denied');
  });
});
