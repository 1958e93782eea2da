/** The little of the tar format that images need: ustar, with the long names of pax read but never written. */

export interface TarEntry {
  /** Without a leading `./` or a trailing slash; '' is the root. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a link, as stored. */
  readonly target: string;
  readonly content: Buffer;
}

const block = 512;
const typeFlags = { file: '0', hardlink: '1', symlink: '2', directory: '5', other: '3' } as const;

const padded = (size: number): number => Math.ceil(size / block) * block;

/** Rejects names over 100 bytes: the tests need none. Every time in it is the epoch, so that equal input makes an equal image. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap((entry) => [header(entry), pad(entry.content)]), Buffer.alloc(2 * block)]);
}

const pad = (content: Buffer): Buffer =>
  Buffer.concat([content, Buffer.alloc(padded(content.length) - content.length)]);

function header(entry: TarEntry): Buffer {
  const name = entry.type === 'directory' ? `${entry.path}/` : entry.path;
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long for a plain tar entry`);
  const buffer = Buffer.alloc(block);
  const octal = (value: number, offset: number, width: number) =>
    buffer.write(`${value.toString(8).padStart(width - 1, '0')}\0`, offset, 'latin1');
  buffer.write(name, 0);
  octal(entry.mode, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.content.length, 124, 12);
  octal(0, 136, 12);
  buffer.write(' '.repeat(8), 148);
  buffer.write(typeFlags[entry.type], 156);
  buffer.write(entry.target, 157);
  buffer.write('ustar\x0000', 257, 'latin1');
  octal(
    buffer.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return buffer;
}

/** Reads what BuildKit's tar exporter writes: ustar with pax headers for long names. */
export function readTar(tar: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  let pax = new Map<string, string>();
  for (let offset = 0; offset + block <= tar.length; ) {
    const head = tar.subarray(offset, offset + block);
    if (head.equals(Buffer.alloc(block))) break;
    const flag = text(head, 156, 1);
    const size = Number(pax.get('size') ?? Number.parseInt(text(head, 124, 12), 8));
    const content = tar.subarray(offset + block, offset + block + size);
    offset += block + padded(size);
    if (flag === 'x') pax = paxRecords(content);
    else {
      entries.push(entryOf(head, flag, content, pax));
      pax = new Map();
    }
  }
  return entries;
}

function entryOf(head: Buffer, flag: string, content: Buffer, pax: ReadonlyMap<string, string>): TarEntry {
  const prefix = text(head, 345, 155);
  const name = pax.get('path') ?? (prefix ? `${prefix}/${text(head, 0, 100)}` : text(head, 0, 100));
  const number = (offset: number) => Number.parseInt(text(head, offset, 8), 8);
  const known = Object.entries(typeFlags).find(([, value]) => value === (flag || '0'))?.[0];
  return {
    path: name.replace(/^\.?\/+/, '').replace(/\/+$/, ''),
    type: known ? (known as TarEntry['type']) : 'other',
    mode: number(100),
    uid: Number(pax.get('uid') ?? number(108)),
    gid: Number(pax.get('gid') ?? number(116)),
    target: pax.get('linkpath') ?? text(head, 157, 100),
    content,
  };
}

const text = (buffer: Buffer, offset: number, width: number): string =>
  (buffer.toString('utf8', offset, offset + width).split('\0')[0] ?? '').trim();

/** Each record is `<length> <key>=<value>\n`, its length in bytes. */
function paxRecords(content: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let offset = 0; offset < content.length; ) {
    const space = content.indexOf(' ', offset);
    const end = offset + Number.parseInt(content.toString('utf8', offset, space), 10);
    const record = content.toString('utf8', space + 1, end - 1);
    records.set(record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1));
    offset = end;
  }
  return records;
}
