import type { BuildGraph, Stage, Step } from '../build/graph.ts';
import { filesAt } from '../cache/brought.ts';
import { mentions } from '../cache/environmentUse.ts';
import type { Model } from '../cache/model.ts';
import { absolute, destinationOf, within } from '../cache/placement.ts';
import { insertLines, isBroken, removeInstructions } from '../fixes.ts';
import { invocationsByCommand } from '../managers/invocations.ts';
import { named } from '../prose.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import { isBuild } from './installAndBuild.ts';
import { noFix, type Plan } from './plan.ts';

/** How a stage is split: everything up to a step goes into a stage that builds, what comes after it stays in the image. */
export interface Extraction {
  readonly graph: BuildGraph;
  readonly model: Model;
  /** The stage that ships. */
  readonly stage: Stage;
  /** The last step that builds. */
  readonly last: Step;
  /** The image that runs it. */
  readonly image: string;
  /** Whether that is the image in which it was built: what it has, the other has too. */
  readonly isSameImage: boolean;
  /** Absolute: the folder in which everything before `last` works. */
  readonly folder: string;
  /** Instructions that take over what was built. */
  readonly copies: (build: string) => readonly string[];
  /** Instructions to add behind the last step, before the new FROM. */
  readonly finish?: readonly string[] | undefined;
  /** Instructions to add before the first step that installs. */
  readonly prepare?: { readonly before: Step; readonly lines: readonly string[] } | undefined;
  /** ENV and the like that the image needs as well. */
  readonly settings?: readonly string[] | undefined;
}

/** Packages that serve to build, and leave nothing that a program needs when it runs. */
const compilers =
  /^(autoconf|automake|binutils|build-base|build-essential|cargo|clang|cmake|g\+\+|gcc|libc6?-dev|libtool|linux-headers|make|musl-dev|ninja-build|patch|pkg-config|pkgconf|pkgconfig|python3-dev|rust|rustc)$/;
/** Tools that images with a toolchain bring as well, so that nobody would expect them beside the program alone. */
const tools = /^(ca-certificates|curl|file|git|gnupg|protobuf-compiler|protoc|unzip|wget|xz-utils|zip)$/;

const metadata = /^(EXPOSE|LABEL|CMD|ENTRYPOINT|STOPSIGNAL|MAINTAINER)$/;

/** Commands that leave nothing outside of the folder. */
function leavesNothing({ words }: ShellCommand, step: Step, folder: string): boolean {
  const [name = '', ...args] = words.map(({ value }) => value ?? '?');
  if (/^(|cd|export|set|echo|true|:)$/.test(name)) return true;
  const paths = args.filter((word) => !word.startsWith('-'));
  if (name === 'chmod') paths.shift();
  return (
    /^(chmod|mkdir)$/.test(name) && paths.every((path) => within(folder, absolute(path, step.workdir)) !== undefined)
  );
}

/** Why a step before the split may leave something that the image needs, as the end of "There is no fix: …". */
function leftBy({ folder, isSameImage }: Extraction, step: Step): string | undefined {
  const left = `${named(step)} may leave something that the image needs when it runs.`;
  if (/^(USER|VOLUME|SHELL|ONBUILD|HEALTHCHECK)$/.test(step.keyword)) return left;
  if (step.copy) return within(folder, destinationOf(step) ?? '/') === undefined || step.copy.from ? left : undefined;
  if (step.keyword !== 'RUN') return undefined;
  const calls = invocationsByCommand(step);
  const isFine = (command: ShellCommand): boolean => {
    const found = calls.get(command);
    if (!found) return leavesNothing(command, step, folder) || (isSameImage && isBuild(command, undefined));
    if (found.manager.inputs) return found.action !== 'self' || /^pip/.test(found.call.program);
    return (
      found.action !== 'install' ||
      (found.manager.packages?.(found.call) ?? []).every(({ value }) => {
        const name = (value ?? '?').replace(/[=~<>].*$/, '');
        return compilers.test(name) || (!isSameImage && tools.test(name));
      })
    );
  };
  return step.script?.complete && step.script.commands.every(isFine) ? undefined : left;
}

/** Why an instruction behind the split would not do in the other image. */
function unfit({ isSameImage }: Extraction, step: Step): string | undefined {
  const { keyword, instruction, copy } = step;
  if (keyword === 'RUN' || keyword === 'SHELL' || keyword === 'ONBUILD' || step.fromOnbuild)
    return `${named(step)}, behind the build, may need what the build left.`;
  const user = keyword === 'USER' ? instruction.rest.text.trim() : (copy?.chown ?? '0');
  if (keyword === 'HEALTHCHECK' && !/^(NONE|CMD \W*(python3?|node)\b)/.test(instruction.rest.text))
    return `${named(step)} may need a program that only the build stage has.`;
  return isSameImage || /^(root|nobody|\d+)(:(root|\d+))?$/.test(user)
    ? undefined
    : `${named(step)} names a user that another image may lack.`;
}

const variablesIn = ({ instruction }: Step): string => instruction.rest.text;

/** The settings before the split that hold in the image as well: ENV, and the ARGs that something in it names. */
function settingsOf({ stage, last }: Extraction): Step[] {
  const before = stage.steps.slice(0, last.index);
  const environment = before.filter(({ keyword }) => keyword === 'ENV');
  const texts = [
    ...environment,
    ...before.filter(({ keyword }) => metadata.test(keyword)),
    ...stage.steps.slice(last.index + 1),
  ];
  const names = ({ instruction }: Step): string[] => instruction.properties.map(({ name }) => name);
  const args = before.filter(
    (step) =>
      step.keyword === 'ARG' && names(step).some((name) => texts.some((other) => mentions(variablesIn(other), name))),
  );
  return before.filter((step) => environment.includes(step) || args.includes(step));
}

function obstacle(extraction: Extraction): string | undefined {
  const { graph, stage, last } = extraction;
  const { dockerfile } = graph;
  if (stage !== graph.stages.at(-1) || stage.base.kind !== 'image' || stage.platform)
    return 'other stages stand behind this one or below it, or it is made for a platform of its own.';
  if (stage.steps.some(({ instruction }) => isBroken(dockerfile, instruction))) return 'the stage has mistakes.';
  for (const step of stage.steps.slice(0, last.index + 1)) {
    const left = leftBy(extraction, step);
    if (left) return left;
  }
  for (const step of stage.steps.slice(last.index + 1)) {
    const other = unfit(extraction, step);
    if (other) return other;
  }
  return stage.steps.slice(0, last.index).some(({ keyword }) => keyword === 'WORKDIR')
    ? undefined
    : 'the working directory is that of the image.';
}

function unusedName({ stages }: BuildGraph): string {
  const taken = new Set(stages.map(({ name }) => name?.toLowerCase()));
  return ['build', 'builder', 'compile'].find((name) => !taken.has(name)) ?? `stage-${stages.length}`;
}

/** Splits the stage that ships in two; a suggestion, as only a person knows what a program reads when it runs. */
export function extractStage(extraction: Extraction): Plan {
  const { graph, stage, last, image } = extraction;
  const { dockerfile } = graph;
  const reason = obstacle(extraction);
  if (reason) return noFix(reason);
  const build = unusedName(graph);
  const textOf = ({ instruction: { span } }: Step): string => dockerfile.text.slice(span.start, span.end);
  const moved = stage.steps.slice(0, last.index).filter(({ keyword }) => metadata.test(keyword));
  const word = stage.from.args[0];
  const lines = [
    ...(extraction.finish ?? []),
    '',
    `FROM ${image}${stage.name ? ` AS ${stage.name}` : ''}`,
    `WORKDIR ${last.workdir}`,
    ...settingsOf(extraction).map(textOf),
    ...(extraction.settings ?? []),
    ...extraction.copies(build),
    ...moved.map(textOf),
  ];
  const { prepare } = extraction;
  return {
    refusal: undefined,
    fixes: [
      {
        title: 'Extract a build stage',
        applicability: 'suggestion',
        edits: [
          stage.nameSpan
            ? { span: stage.nameSpan, newText: build }
            : { span: { start: word?.span.end ?? 0, end: word?.span.end ?? 0 }, newText: ` AS ${build}` },
          ...(prepare
            ? [insertLines(dockerfile, prepare.lines.join(dockerfile.eol), { before: prepare.before.instruction })]
            : []),
          ...removeInstructions(
            dockerfile,
            moved.map(({ instruction }) => instruction),
          ),
          insertLines(dockerfile, lines.join(dockerfile.eol), { after: last.instruction }),
        ],
      },
    ],
  };
}

/** The files of the context that the stage holds in a folder before a step. */
export const filesBefore = ({ model }: { readonly model: Model }, last: Step, folder: string): string[] => [
  ...new Set(
    last.stage.steps
      .slice(0, last.index)
      .flatMap((step) => filesAt({ model, context: model.context, paths: [folder] }, step) ?? []),
  ),
];
