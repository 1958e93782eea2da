import path from 'node:path';
import { analyze } from '../core/analyze.ts';
import { analyzeIgnoreFile } from '../core/analyzeIgnoreFile.ts';
import type { Config } from '../core/config.ts';
import { isIgnoreFileName } from '../core/filenames.ts';
import { fixAll, fixAllOfIgnoreFile } from '../core/fixAll.ts';
import type { Finding } from '../core/rule.ts';
import type { ContextSnapshot } from '../core/workspace.ts';
import type { CheckArguments } from './arguments.ts';
import { decode, displayPath, placeOf, readSource, type Source, type TextDocument, textDocument } from './document.ts';
import { findDocuments, type Problem, reason } from './find.ts';
import { type Fixed, mend, relocate } from './fix.ts';
import { formats } from './format/index.ts';
import { complain, type ExitCode, type GatherFacts, type Io } from './io.ts';
import { startProgress } from './progress.ts';
import { loadBuildLog, loadConfig } from './settings.ts';

/** What became of one file. */
export interface CheckedFile {
  readonly path: string;
  readonly document: TextDocument;
  readonly findings: readonly Finding[];
  /** The build context that the findings' edits of other files refer to. */
  readonly context: ContextSnapshot | undefined;
  /** Absolute: what places of the file itself are relative to. */
  readonly root?: string | undefined;
  readonly fixed: Fixed | undefined;
}

/** Everything that a run found, for a format to print. */
export interface Report {
  readonly cwd: string;
  readonly files: readonly CheckedFile[];
  /** Input that could not be read, fixes that could not be written. Paths as results name them. */
  readonly problems: readonly Problem[];
}

const isSerious = ({ severity }: Finding): boolean => severity === 'error' || severity === 'warning';

/** Checks files one after the other; one that cannot be read is named, and the others are still checked. */
export async function check(io: Io, args: CheckArguments): Promise<ExitCode> {
  const config = await loadConfig(io, args.config);
  const gather = await gathering(io, args);
  const report =
    args.stdin === undefined ? await checkFiles(io, args, config, gather) : await checkStdin(io, args, config, gather);
  for (const problem of report.problems) complain(io, `${problem.path}: ${problem.message}`);
  io.stdout.write(formats[args.format](report, io));
  if (report.problems.length > 0) return 2;
  return report.files.some(({ findings }) => findings.some(isSerious)) ? 1 : 0;
}

/** Looks once at each folder where no fix changes what there is to see. */
async function gathering(io: Io, { fix, stdin, buildLog }: CheckArguments): Promise<GatherFacts> {
  const gather = fix || stdin !== undefined ? io.gather : io.gatherOnce();
  const log = await loadBuildLog(io, buildLog);
  return log ? async (question) => ({ ...(await gather(question)), log }) : gather;
}

async function checkFiles(io: Io, args: CheckArguments, config: Config, gather: GatherFacts): Promise<Report> {
  const found = await findDocuments(args.paths.map((each) => path.resolve(io.cwd, each)));
  const problems = found.problems.map((problem) => ({ ...problem, path: displayPath(io.cwd, problem.path) }));
  const files: CheckedFile[] = [];
  const run: Run = { io, args, config, problems, gather };
  const progress = startProgress(io, found.files.length);
  for (const file of found.files) {
    progress.next(displayPath(io.cwd, file));
    try {
      files.push(await checkSource(run, await readSource(io.cwd, file)));
    } catch (error) {
      problems.push({ path: displayPath(io.cwd, file), message: reason(error) });
    }
  }
  progress.end();
  return { cwd: io.cwd, files, problems };
}

async function checkStdin(io: Io, args: CheckArguments, config: Config, gather: GatherFacts): Promise<Report> {
  const file = path.resolve(io.cwd, args.stdin ?? '');
  const problems: Problem[] = [];
  try {
    const source = { file, path: displayPath(io.cwd, file), ...decode(await io.readStdin()) };
    return {
      cwd: io.cwd,
      files: [await checkSource({ io, args, config, gather, problems }, source)],
      problems,
    };
  } catch (error) {
    problems.push({ path: displayPath(io.cwd, file), message: reason(error) });
    return { cwd: io.cwd, files: [], problems };
  }
}

interface Run {
  readonly io: Io;
  readonly args: CheckArguments;
  readonly config: Config;
  readonly gather: GatherFacts;
  readonly problems: Problem[];
}

async function checkSource({ io, args, config, gather, problems }: Run, source: Source): Promise<CheckedFile> {
  const { path: name, text, file } = source;
  if (isIgnoreFileName(path.basename(file))) return checkIgnoreFile({ io, args, config, gather, problems }, source);
  const analysis = analyze(
    text,
    await gather({ file, text, config, ...placeOf(io.cwd, args.context, file, args.paths) }),
    config,
  );
  for (const failure of analysis.failures) complain(io, `${name}: a rule failed, please report this: ${failure}`);
  const mended =
    args.fix && (await mend(source, analysis, fixAll(analysis, args.fix), analysis.facts.context, problems));
  const last = mended?.analysis ?? analysis;
  return {
    path: name,
    document: textDocument(last.dockerfile.text),
    findings: last.findings,
    context: last.facts.context,
    fixed: mended?.fixed,
  };
}

/** The Dockerfiles that use it say what it excludes and for whom; one file is written at a time. */
async function checkIgnoreFile(run: Run, source: Source): Promise<CheckedFile> {
  const { io, args, config, problems } = run;
  const { path: name, text, file } = source;
  const analysis = analyzeIgnoreFile(
    text,
    await io.gatherIgnore({ file, text, config, ...placeOf(io.cwd, args.context, file, args.paths) }),
    config,
  );
  for (const failure of analysis.failures) complain(io, `${name}: a rule failed, please report this: ${failure}`);
  const moved = args.fix === 'suggestion' ? await relocate(source, analysis, problems) : undefined;
  if (moved) return movedFile(name, moved.rule, await checkIgnoreFile(run, await readSource(io.cwd, moved.file)));
  const fixed = args.fix && fixAllOfIgnoreFile(analysis, args.fix);
  const mended = fixed && (await mend(source, analysis, fixed, undefined, problems));
  const { file: last, findings } = mended?.analysis ?? analysis;
  const root = analysis.facts.folder?.root;
  return { path: name, document: textDocument(last.text), findings, context: undefined, root, fixed: mended?.fixed };
}

/** What was said of the file where it was does not hold where it is now. */
function movedFile(movedFrom: string, rule: string, file: CheckedFile): CheckedFile {
  const { rules = new Map<string, number>(), others = [] } = file.fixed ?? {};
  return { ...file, fixed: { rules: new Map([[rule, 1], ...rules]), others, movedFrom } };
}
