import type { CheckFormat } from '../arguments.ts';
import type { Report } from '../check.ts';
import type { Io } from '../io.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';
import { sarif } from './sarif.ts';

/** How a report is printed; the text ends with a line break, or is empty. */
export const formats: Readonly<Record<CheckFormat, (report: Report, io: Io) => string>> = {
  pretty,
  json,
  sarif,
  github,
};
