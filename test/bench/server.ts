import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  InitializedNotification,
  InitializeRequest,
  type Position,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serverFlags } from '../../client/src/node/serverFlags.ts';

/** The built server in a process of its own. */
export interface Server {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  /** From the fork to the reply to `initialize`, in milliseconds. */
  readonly initialized: number;
  stop(): Promise<void>;
}

export async function startServer(path: string, folder: string): Promise<Server> {
  const before = performance.now();
  const child = spawn(process.execPath, [...serverFlags, path, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: folder, name: 'bench' }],
    capabilities: { textDocument: { diagnostic: { relatedInformation: true } } },
  });
  const initialized = performance.now() - before;
  await connection.sendNotification(InitializedNotification.type, {});
  const stop = async (): Promise<void> => {
    await connection.sendRequest('shutdown');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await connection.sendNotification('exit');
    await ended;
    connection.dispose();
  };
  return { connection, process: child, initialized, stop };
}

/** Opens the text and types `edits` characters into it: milliseconds from each to the diagnostics of the text with it. */
export async function type(server: Server, uri: string, text: string, edits: number): Promise<number[]> {
  const { connection } = server;
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'dockerfile', version: 1, text },
  });
  await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
  const times: number[] = [];
  const start = endOfInstall(text);
  for (let edit = 0; edit < edits; edit++) {
    const position = { line: start.line, character: start.character + edit };
    const before = performance.now();
    void connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: edit + 2 },
      contentChanges: [{ range: { start: position, end: position }, text: edit % 6 === 0 ? ' ' : 'x' }],
    });
    await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    times.push(performance.now() - before);
    await new Promise((resolve) => setTimeout(resolve, 20)); // a very fast typist
  }
  return times;
}

/** Behind the `npm ci` in the middle of the file. */
function endOfInstall(text: string): Position {
  const lines = text.split('\n');
  const installs = lines.flatMap((line, index) => (line.endsWith('npm ci') ? [index] : []));
  const line = installs[Math.floor(installs.length / 2)] ?? 0;
  return { line, character: lines[line]?.length ?? 0 };
}

/** Resident memory in bytes; undefined where the system has no /proc. */
export function residentMemory({ process: { pid } }: Server): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
