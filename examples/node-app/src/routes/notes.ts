import { Hono } from 'hono';
import type { NoteStore } from '../store.js';

export function notes(store: NoteStore): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => c.json(await store.all()));
  routes.post('/', async (c) => {
    const { text } = await c.req.json<{ text?: string }>();
    if (!text) return c.json({ error: 'A note needs a text.' }, 400);
    return c.json(await store.add(text), 201);
  });
  return routes;
}
