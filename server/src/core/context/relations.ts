import { perObject } from '../syntax/memo.ts';
import type { Pattern } from './patternMatcher.ts';

/** A part of a pattern between slashes: `**`, or a name with or without `*` and `?`. */
type Part = string;

/**
 * The parts of a pattern; undefined where anything but stars and question marks makes it hard to say what it matches: classes,
 * escapes, braces, `**` within a name.
 */
const partsOf = perObject(({ cleaned, error }: Pattern): readonly Part[] | undefined => {
  if (error !== undefined || /[[\]\\^{|}]/.test(cleaned)) return undefined;
  const parts = cleaned.split('/');
  return parts.some((part) => part !== '**' && part.includes('**')) ? undefined : parts;
});

/** Whether a pattern is the name of one path and nothing else. */
export const isLiteral = ({ cleaned, error }: Pattern): boolean =>
  error === undefined && !/[*?[\]\\^{|}]/.test(cleaned);

/** Whether two patterns may hold for the same path, what lies in a folder that matches included. False only where they surely do not. */
export function mayMeet(a: Pattern, b: Pattern): boolean {
  const left = partsOf(a);
  const right = partsOf(b);
  if (a.error !== undefined || b.error !== undefined) return false;
  return !left || !right || partsMeet([...left, '**'], [...right, '**']);
}

function partsMeet(a: readonly Part[], b: readonly Part[]): boolean {
  const meet = (i: number, j: number): boolean => {
    const [left, right] = [a[i], b[j]];
    if (left === undefined && right === undefined) return true;
    if (left === '**') return meet(i + 1, j) || (right !== undefined && meet(i, j + 1));
    if (right === '**') return meet(i, j + 1) || (left !== undefined && meet(i + 1, j));
    return left !== undefined && right !== undefined && namesMeet(left, right) && meet(i + 1, j + 1);
  };
  return isLong(a) || isLong(b) || meet(0, 0);
}

/** Every star multiplies the ways to match: what nobody writes by hand is not looked into. */
const isLong = (parts: readonly Part[]): boolean =>
  parts.length > 12 || parts.some((part) => part.length > 40 || part.split('*').length > 4);

function namesMeet(a: Part, b: Part): boolean {
  const [left = '', right = ''] = [a[0], b[0]];
  if (a === '' && b === '') return true;
  if (left === '*') return namesMeet(a.slice(1), b) || (b !== '' && namesMeet(a, b.slice(1)));
  if (right === '*') return namesMeet(a, b.slice(1)) || (a !== '' && namesMeet(a.slice(1), b));
  if (a === '' || b === '') return false;
  return (left === right || left === '?' || right === '?') && namesMeet(a.slice(1), b.slice(1));
}

/** Whether `a` surely matches whatever `b` matches by itself; with `below`, or a folder that it lies in. */
export function covers(a: Pattern, b: Pattern, { below }: { below: boolean }): boolean {
  if (a.error !== undefined || b.error !== undefined) return false;
  if (a.cleaned === b.cleaned) return true;
  const left = partsOf(a);
  const right = partsOf(b);
  return left !== undefined && right !== undefined && !isLong(left) && !isLong(right) && partsCover(left, right, below);
}

function partsCover(a: readonly Part[], b: readonly Part[], below: boolean): boolean {
  const cover = (i: number, j: number): boolean => {
    const [left, right] = [a[i], b[j]];
    if (left === undefined) return below || right === undefined;
    // At its end `**` stands for one name or more.
    if (left === '**' && i === a.length - 1) return b.slice(j).some((part) => part !== '**') || b.at(-1) === '**';
    if (left === '**') return cover(i + 1, j) || (right !== undefined && cover(i, j + 1));
    return right !== undefined && right !== '**' && nameCovers(left, right) && cover(i + 1, j + 1);
  };
  return cover(0, 0);
}

/** A `*` of `b` is met by a `*` of `a` alone, a `?` by `*` or `?`. */
function nameCovers(a: Part, b: Part): boolean {
  const [left = '', right = ''] = [a[0], b[0]];
  if (a === '' || b === '') return a === b || (a !== '' && /^\*+$/.test(a));
  if (left === '*') return nameCovers(a.slice(1), b) || nameCovers(a, b.slice(1));
  if (right === '*') return false;
  return (left === '?' || left === right) && nameCovers(a.slice(1), b.slice(1));
}
