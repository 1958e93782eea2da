import { readFile, rename, writeFile } from 'node:fs/promises';

export interface Note {
  id: number;
  text: string;
  createdAt: string;
}

/** Notes in one JSON file, written anew at each change. */
export class NoteStore {
  constructor(private readonly file: string) {}

  async all(): Promise<Note[]> {
    try {
      return JSON.parse(await readFile(this.file, 'utf8'));
    } catch {
      return [];
    }
  }

  async add(text: string): Promise<Note> {
    const notes = await this.all();
    const note = { id: (notes.at(-1)?.id ?? 0) + 1, text, createdAt: new Date().toISOString() };
    await writeFile(`${this.file}.new`, JSON.stringify([...notes, note]));
    await rename(`${this.file}.new`, this.file);
    return note;
  }
}
