export interface Config {
  port: number;
  dataFile: string;
}

export function readConfig(env: Record<string, string | undefined>): Config {
  const port = Number(env.PORT ?? 3000);
  if (!Number.isInteger(port)) throw new Error(`PORT is no number: ${env.PORT}`);
  return { port, dataFile: env.DATA_FILE ?? 'notes.json' };
}
