import { readFile } from 'node:fs/promises';
import { serve } from '@hono/node-server';
import { createApp } from './app.js';
import { readConfig } from './config.js';
import { NoteStore } from './store.js';

const config = readConfig(process.env);
const revision = await readFile(new URL('revision.txt', import.meta.url), 'utf8').catch(() => 'unknown');
const app = createApp(new NoteStore(config.dataFile), revision.trim());

serve({ fetch: app.fetch, port: config.port }, ({ port }) => {
  console.log(`notes-api ${revision.trim()} listens on port ${port}`);
});
