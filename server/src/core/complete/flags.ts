import type { Proposal, Proposals, Typing } from '../complete.ts';

/** A flag or option, with its `=` where it takes a value, and what it does. */
export type Flag = readonly [text: string, detail: string];

/** Behind these there is more to propose. */
const goesOn = /^(--from|--mount|from|source|sharing|type=(cache,target|bind,source))=$/;

/** Those that are not there yet, in place of what is written; some may be given more than once. */
export function flagProposals(
  { offset }: Pick<Typing, 'offset'>,
  written: string,
  there: readonly string[],
  flags: readonly Flag[],
): Proposals {
  const nameOf = (text: string): string => text.replace(/=.*$/s, '');
  const names = new Set(there.map(nameOf));
  const items = flags
    .filter(([text]) => /^--(exclude|mount)=/.test(text) || !names.has(nameOf(text)))
    .map(
      ([text, detail], at): Proposal => ({
        label: text,
        kind: 'flag',
        detail,
        newText: text,
        order: text.startsWith('--') ? text : String(100 + at),
        goesOn: goesOn.test(text),
      }),
    );
  return { span: { start: offset - written.length, end: offset }, items, truncated: false };
}
