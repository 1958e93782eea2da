import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Analysis, analyze } from '../core/analyze.ts';
import { type Explanation, explainInstruction, toMarkdown, toText } from '../core/explain.ts';
import { brief } from '../core/prose.ts';
import type { Instruction } from '../core/syntax/dockerfile.ts';
import type { ExplainArguments } from './arguments.ts';
import { placeOf, readSource, type Source, type TextDocument, textDocument } from './document.ts';
import { reason } from './find.ts';
import { type ExitCode, type Io, printable, UsageError } from './io.ts';
import { loadBuildLog, loadConfig } from './settings.ts';
import { styleFor, widthOf, wrap } from './style.ts';

/** Prints what the cache makes of each instruction, or of the one on a line. */
export async function explain(io: Io, args: ExplainArguments): Promise<ExitCode> {
  const { name, line } = target(io.cwd, args.file);
  const source = await open(io, name);
  const analysis = await analyseSource(io, source, args);
  const document = textDocument(source.text);
  const instructions = analysis.dockerfile.instructions.filter(
    (each) => line === undefined || isOnLine(document, each, line),
  );
  if (line !== undefined && instructions.length === 0)
    throw new UsageError(`${name}: there is no instruction on line ${line}`);
  const explained = instructions.map((instruction) => ({
    instruction,
    explanation: explainInstruction(analysis, instruction),
  }));
  io.stdout.write(args.format === 'json' ? toJson(source, document, explained) : toPages(io, source, explained));
  return 0;
}

interface Explained {
  readonly instruction: Instruction;
  readonly explanation: Explanation;
}

/** `FILE:LINE`, unless a file of that very name exists. */
function target(cwd: string, text: string): { name: string; line: number | undefined } {
  const [, name, line] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (name === undefined || existsSync(path.resolve(cwd, text))) return { name: text, line: undefined };
  return { name, line: Number(line) };
}

/** @throws UsageError where the one file of the command cannot be read. */
export async function open(io: Io, name: string): Promise<Source> {
  try {
    return await readSource(io.cwd, path.resolve(io.cwd, name));
  } catch (error) {
    throw new UsageError(`${name}: ${reason(error)}`);
  }
}

async function analyseSource(io: Io, { file, text }: Source, args: ExplainArguments): Promise<Analysis> {
  const config = await loadConfig(io, args.config);
  const log = await loadBuildLog(io, args.buildLog);
  const facts = await io.gather({ file, text, config, ...placeOf(io.cwd, args.context, file) });
  return analyze(text, log ? { ...facts, log } : facts, config);
}

/** Lines count from one. */
function isOnLine(document: TextDocument, { span }: Instruction, line: number): boolean {
  const { start, end } = document.rangeOf(span);
  return start.line < line && line <= end.line + 1;
}

const toJson = ({ path: name }: Source, document: TextDocument, explained: readonly Explained[]): string =>
  `${JSON.stringify({
    version: 1,
    path: name,
    instructions: explained.map(({ instruction, explanation }) => ({
      line: instruction.line + 1,
      keyword: instruction.keyword,
      range: document.rangeOf(explanation.span),
      text: toText(explanation),
      markdown: toMarkdown(explanation),
    })),
  })}\n`;

function toPages(io: Io, { path: name }: Source, explained: readonly Explained[]): string {
  const style = styleFor(io);
  const page = ({ instruction, explanation }: Explained) => {
    const heading = style.bold(printable(`${name}:${instruction.line + 1} ${brief(instruction, 80)}`));
    return `${[heading, ...indented(printable(toText(explanation)), widthOf(io))].join('\n')}\n`;
  };
  return explained.map(page).join('\n');
}

/** Wrapped, below the heading; the lines of a list item stay under its text. */
function indented(text: string, width: number): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const hanging = line.startsWith('- ') ? '    ' : '  ';
      return wrap(line, width - hanging.length).map((part, index) => `${index === 0 ? '  ' : hanging}${part}`);
    });
}
