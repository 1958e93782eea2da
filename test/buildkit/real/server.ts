import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly address: string;
  close(): void;
}

/** Has a file at every path, unlike all others, and says nothing of its age: BuildKit then goes by its content. */
export async function fileServer(): Promise<FileServer> {
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    response.end(request.method === 'HEAD' ? undefined : `what lies at ${path}\n`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}
