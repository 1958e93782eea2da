import { parseJson, type Table } from '../managers/documents.ts';

const comments = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const trailingCommas = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g;

const blank = (part: string): string => (part.startsWith('"') ? part : ' ');

/** JSON with comments and trailing commas. */
export const parseJsonc = (text: string): Table | undefined =>
  parseJson(text.replace(comments, blank).replace(trailingCommas, blank));
