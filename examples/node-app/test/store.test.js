import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NoteStore } from '../dist/store.js';

test('notes are numbered', async () => {
  const store = new NoteStore(join(await mkdtemp(join(tmpdir(), 'notes-')), 'notes.json'));
  assert.equal((await store.add('milk')).id, 1);
  assert.equal((await store.add('bread')).id, 2);
  assert.equal((await store.all()).length, 2);
});
