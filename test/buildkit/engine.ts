import { request } from 'node:http';

/** What the tests ask of the Docker Engine's API, over its unix socket. */
export interface Engine {
  version(): Promise<string>;
  /** Makes an image of one layer from a tar; `config` holds Dockerfile instructions for its configuration. */
  importImage(name: string, tar: Buffer, config: readonly string[]): Promise<void>;
  tag(image: string, name: string): Promise<void>;
  /** What an image tells those that run it or build on it: variables, command, user … */
  configuration(image: string): Promise<Configuration>;
  remove(image: string): Promise<void>;
}

export type Configuration = Readonly<Record<string, unknown>>;

export function engine(socket: string): Engine {
  const call = (method: string, path: string, body?: Buffer) => send(socket, method, path, body);
  return {
    async version() {
      const answer: unknown = JSON.parse(await call('GET', '/version'));
      return typeof answer === 'object' && answer && 'Version' in answer ? String(answer.Version) : 'unknown';
    },
    async importImage(name, tar, config) {
      const query = new URLSearchParams({ fromSrc: '-', ...reference(name) });
      for (const change of config) query.append('changes', change);
      await call('POST', `/images/create?${query}`, tar);
    },
    async tag(image, name) {
      await call('POST', `/images/${encodeURIComponent(image)}/tag?${new URLSearchParams(reference(name))}`);
    },
    async configuration(image) {
      const answer: unknown = JSON.parse(await call('GET', `/images/${encodeURIComponent(image)}/json`));
      const { Config } = answer as { readonly Config: Configuration };
      return Config;
    },
    async remove(image) {
      await call('DELETE', `/images/${encodeURIComponent(image)}?force=1`);
    },
  };
}

/** A colon after the last slash begins the tag; one before it belongs to a registry's port. */
function reference(name: string): { repo: string; tag: string } {
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? { repo: name, tag: 'latest' } : { repo: name.slice(0, colon), tag: name.slice(colon + 1) };
}

function send(socket: string, method: string, path: string, body?: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'content-type': 'application/x-tar', 'content-length': body.length } : {};
    const sent = request({ socketPath: socket, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if ((response.statusCode ?? 500) < 300 && !text.includes('"errorDetail"')) resolve(text);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
