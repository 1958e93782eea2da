import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { analyze } from '../../server/src/core/analyze.ts';
import { defaultConfig } from '../../server/src/core/config.ts';
import type { Edit } from '../../server/src/core/fixes.ts';
import { profileOf } from '../../server/src/lsp/clientProfile.ts';
import { toWorkspaceEdit } from '../../server/src/lsp/workspaceEdit.ts';
import { capable } from './lib/client.ts';
import { factsOf, fakeHost } from './lib/fakeHost.ts';

const uri = 'file:///w/Dockerfile';
const other = 'file:///w/a.txt';
const text = 'FROM scratch\n';

const insert = (newText: string, path?: string, offset = 0): Edit => ({
  path,
  span: { start: offset, end: offset },
  newText,
});
const range = (line: number, character: number) => ({ start: { line, character }, end: { line, character } });

describe('edits of a workspace', () => {
  const edit = (edits: readonly Edit[], files: Record<string, string>, open: TextDocument[] = [], can = capable) => {
    const facts = factsOf(files);
    const host = fakeHost();
    host.setFacts(uri, facts);
    const client = profileOf({ processId: null, rootUri: null, capabilities: can });
    const documents = { get: (wanted: string) => open.find((document) => document.uri === wanted) };
    const document = TextDocument.create(uri, 'dockerfile', 3, text);
    const analysed = { document, version: 3, analysis: analyze(text, facts, defaultConfig), resultId: '1' };
    return toWorkspaceEdit({ host, client, documents }, analysed, edits);
  };

  it('name the version of each open document, and none of a closed one', () => {
    assert.deepEqual(edit([insert('# a\n'), insert('x', 'a.txt', 2)], { 'a.txt': '1\n2\n' }), {
      documentChanges: [
        { textDocument: { uri, version: 3 }, edits: [{ range: range(0, 0), newText: '# a\n' }] },
        { textDocument: { uri: other, version: null }, edits: [{ range: range(1, 0), newText: 'x' }] },
      ],
    });
    const open = TextDocument.create(other, 'plaintext', 8, '1\n2\n');
    const changes = edit([insert('x', 'a.txt', 2)], { 'a.txt': '1\n2\n' }, [open])?.documentChanges;
    assert.deepEqual(
      changes?.map((change) => 'textDocument' in change && change.textDocument.version),
      [8],
    );
  });

  it('create a file that is not there', () => {
    assert.deepEqual(edit([insert('node_modules\n', 'new.txt')], {}), {
      documentChanges: [
        { kind: 'create', uri: 'file:///w/new.txt', options: { ignoreIfExists: true } },
        {
          textDocument: { uri: 'file:///w/new.txt', version: null },
          edits: [{ range: range(0, 0), newText: 'node_modules\n' }],
        },
      ],
    });
  });

  it('are none where the other text is not the one they were made for', () => {
    const open = TextDocument.create(other, 'plaintext', 8, 'changed meanwhile');
    assert.equal(edit([insert('x', 'a.txt')], { 'a.txt': '1\n' }, [open]), undefined);
  });

  it('are plain changes for a client without versions, which cannot create files either', () => {
    assert.deepEqual(edit([insert('x')], {}, [], {}), { changes: { [uri]: [{ range: range(0, 0), newText: 'x' }] } });
    assert.equal(edit([insert('x', 'new.txt')], {}, [], {}), undefined);
  });
});
