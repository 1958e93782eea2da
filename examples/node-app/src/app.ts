import { Hono } from 'hono';
import { health } from './routes/health.js';
import { notes } from './routes/notes.js';
import type { NoteStore } from './store.js';

export function createApp(store: NoteStore, revision: string): Hono {
  const app = new Hono();
  app.route('/health', health(revision));
  app.route('/notes', notes(store));
  app.notFound((c) => c.json({ error: 'There is nothing here.' }, 404));
  return app;
}
