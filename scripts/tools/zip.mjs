import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/**
 * The files in a zip archive of less than 4 GB and 65,535 entries, such as a .vsix.
 * @returns {{ name: string, read: () => Buffer }[]}
 */
export function readZip(file) {
  const zip = readFileSync(file);
  let end = zip.length - 22; // the record's size without a comment, which may follow it
  while (end >= 0 && zip.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw new Error(`${file} is not a zip archive`);
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== directoryEntry) throw new Error(`${file} is damaged`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const entry = {
      method: zip.readUInt16LE(at + 10),
      size: zip.readUInt32LE(at + 20),
      start: zip.readUInt32LE(at + 42),
    };
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (!name.endsWith('/')) entries.push({ name, read: () => content(zip, entry) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function content(zip, { method, size, start }) {
  const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
  const raw = zip.subarray(data, data + size);
  return method === 0 ? raw : inflateRawSync(raw);
}
