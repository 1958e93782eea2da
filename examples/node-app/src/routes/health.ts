import { Hono } from 'hono';

export const health = (revision: string): Hono => new Hono().get('/', (c) => c.json({ status: 'ok', revision }));
