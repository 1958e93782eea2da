import { isBlank, skipSpaces, trimEnd } from './blanks.ts';
import type { Flag, Instruction, LogicalText, Property, SyntaxProblem, Word } from './dockerfile.ts';
import { type HeredocMarker, heredocMarkers } from './heredocMarkers.ts';
import { part, spanOf } from './logical.ts';
import { type Span, span } from './span.ts';
import { jsonItems, splitAtBlanks, splitWords, takeFlags } from './words.ts';

/** An instruction's line, parsed: heredoc bodies are read by the caller. */
export interface ParsedLine {
  readonly instruction: Instruction;
  readonly markers: readonly HeredocMarker[];
  readonly problems: readonly SyntaxProblem[];
}

const known = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** Whether BuildKit knows an instruction of that name, which is in upper case. */
export const isKeyword = (name: string): boolean => known.has(name);

const json = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);
const blankSeparated = new Set(['ADD', 'COPY', 'EXPOSE', 'FROM', 'VOLUME']);
const heredocs = new Set(['ADD', 'COPY', 'RUN']);

/** Parses one joined line as newNodeFromLine in BuildKit's parser.go does. `line` has something else than spaces. */
export function parseLine(line: LogicalText, escapeChar: string, inOnbuild = false): ParsedLine {
  const { text } = line;
  const problems: SyntaxProblem[] = [];
  const start = skipSpaces(text, 0, text.length);
  const end = trimEnd(text, start, text.length);
  let keywordEnd = start;
  while (keywordEnd < end && !isBlank(text.charAt(keywordEnd))) keywordEnd++;
  const keyword = text.slice(start, keywordEnd).toUpperCase();
  const keywordSpan = spanOf(line, start, keywordEnd);
  if (!isKeyword(keyword)) problems.push({ message: `Unknown instruction: ${keyword}`, span: keywordSpan });

  const taken = takeFlags(text.slice(0, end), keywordEnd, escapeChar);
  const rest = restOf(line, taken.rest, end);
  const { args, exec } = argumentsOf(keyword, rest, escapeChar, problems);
  const trigger =
    keyword === 'ONBUILD' && !inOnbuild && rest.text !== '' ? parseLine(rest, escapeChar, true) : undefined;
  const instruction: Instruction = {
    keyword,
    keywordSpan,
    span: spanOf(line, start, end),
    line: 0,
    flags: taken.flags.map((flag) => flagOf(line, flag.text, flag.span)),
    rest,
    restSpan: spanOf(rest, 0, rest.text.length),
    form: exec ? 'exec' : 'shell',
    args,
    properties: propertiesOf(keyword, rest, escapeChar, problems),
    heredocs: [],
    trigger: trigger?.instruction,
  };
  const mayHaveHeredocs = heredocs.has(keyword) && !exec;
  const markers = mayHaveHeredocs ? heredocMarkers(text.slice(0, end)) : [];
  return {
    instruction,
    markers: trigger
      ? trigger.markers
      : markers.map((marker) => ({ ...marker, span: spanOf(line, marker.span.start, marker.span.end) })),
    problems: trigger ? [...problems, ...trigger.problems] : problems,
  };
}

/** What follows the flags; where there is nothing, the place behind the last of them. */
function restOf(line: LogicalText, from: number, end: number): LogicalText {
  const start = skipSpaces(line.text, Math.min(from, end), end);
  if (start < end) return part(line, start, end);
  const after = line.offsetAt(end - 1) + 1;
  return { text: '', offsetAt: () => after };
}

/** BFlags.Parse in BuildKit's instructions/bflag.go: the name ends at the first `=`. */
function flagOf(line: LogicalText, text: string, at: Span): Flag {
  const equals = text.indexOf('=');
  const whole = spanOf(line, at.start, at.end);
  if (equals < 0) return { name: text.slice(2), value: undefined, span: whole, valueSpan: undefined };
  const written = line.text.indexOf('=', at.start) + 1;
  const valueSpan = written < at.end ? spanOf(line, written, at.end) : span(whole.end, whole.end);
  return { name: text.slice(2, equals), value: text.slice(equals + 1), span: whole, valueSpan };
}

function argumentsOf(
  keyword: string,
  rest: LogicalText,
  escapeChar: string,
  problems: SyntaxProblem[],
): { readonly args: readonly Word[]; readonly exec: boolean } {
  const items = json.has(keyword) ? jsonItems(rest.text) : undefined;
  if (items === 'invalid') {
    const message = 'A JSON array of arguments must hold strings only';
    problems.push({ message, span: spanOf(rest, 0, rest.text.length) });
  } else if (items) {
    const args = items.map((item) => ({ text: item.value, span: spanOf(rest, item.span.start, item.span.end) }));
    return { args, exec: true };
  }
  const words = blankSeparated.has(keyword) ? splitAtBlanks(rest.text) : splitWords(rest.text, escapeChar);
  const args = words.map(({ start, end }) => ({ text: rest.text.slice(start, end), span: spanOf(rest, start, end) }));
  return { args, exec: false };
}

/** parseNameVal and parseNameOrNameVal in BuildKit's line_parsers.go. */
function propertiesOf(
  keyword: string,
  rest: LogicalText,
  escapeChar: string,
  problems: SyntaxProblem[],
): readonly Property[] {
  if (keyword !== 'ARG' && keyword !== 'ENV' && keyword !== 'LABEL') return [];
  const words = splitWords(rest.text, escapeChar);
  const [first] = words;
  if (!first) return [];
  const pairs = words.map((word) => propertyAt(rest, word));
  if (keyword === 'ARG') return pairs;
  if (pairs[0]?.value === undefined) return legacyProperty(keyword, rest, problems);
  for (const { name, value, span } of pairs) {
    if (value === undefined) problems.push({ message: `${keyword} expects name=value, but ${name} has no =`, span });
  }
  return pairs.filter((pair) => pair.value !== undefined);
}

function propertyAt(rest: LogicalText, word: Span): Property {
  const text = rest.text.slice(word.start, word.end);
  const equals = text.indexOf('=');
  const whole = spanOf(rest, word.start, word.end);
  if (equals < 0) return { name: text, value: undefined, span: whole, nameSpan: whole, valueSpan: undefined };
  const valueAt = word.start + equals + 1;
  return {
    name: text.slice(0, equals),
    value: text.slice(equals + 1),
    span: whole,
    nameSpan: spanOf(rest, word.start, valueAt - 1),
    valueSpan: valueAt < word.end ? spanOf(rest, valueAt, word.end) : span(whole.end, whole.end),
  };
}

/** `ENV name value`: everything behind the name is the value. */
function legacyProperty(keyword: string, rest: LogicalText, problems: SyntaxProblem[]): readonly Property[] {
  const { text } = rest;
  const end = text.search(/[\t\v\f\r ]/);
  const whole = spanOf(rest, 0, text.length);
  if (end < 0) {
    problems.push({ message: `${keyword} must have two arguments`, span: whole });
    return [{ name: text, value: undefined, span: whole, nameSpan: whole, valueSpan: undefined }];
  }
  let from = end;
  while (isBlank(text.charAt(from))) from++;
  return [
    {
      name: text.slice(0, end),
      value: text.slice(from),
      span: whole,
      nameSpan: spanOf(rest, 0, end),
      valueSpan: spanOf(rest, from, text.length),
    },
  ];
}
