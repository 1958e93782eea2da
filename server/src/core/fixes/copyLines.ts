import type { Step } from '../build/graph.ts';
import { imagePath, within } from '../cache/placement.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { isSince } from './frontend.ts';
import type { InstallStep } from './installStep.ts';

interface Request {
  readonly dockerfile: Dockerfile;
  readonly context: ContextSnapshot;
  /** The broad COPYs that now bring the files. */
  readonly moved: readonly Step[];
  readonly install: InstallStep;
  /** Files that lines made earlier bring already; grows. */
  readonly copied: Set<string>;
}

/** More COPY lines than this are no improvement. */
const mostLines = 20;

/** The COPY instructions that bring exactly what the install reads to where the broad COPYs put it, or why that cannot be written. */
export function copyLines(request: Request): string[] | string {
  const { install, copied } = request;
  const files = install.inputs.files.filter((file) => !copied.has(file) && !isThereAlready(request, file));
  const strange = files.find((file) => /[\s"'$*?[\]\\<#]/.test(file));
  if (strange) return `the name of ${strange} needs quoting.`;
  const lines: string[] = [];
  for (const copy of request.moved) {
    const own = files.filter((file) => !copied.has(file) && imagePath(copy, file, request.context) !== undefined);
    for (const file of own) copied.add(file);
    lines.push(...linesFor(request, copy, own));
  }
  return lines.length > mostLines
    ? `the install reads manifests in ${lines.length} folders. With "# syntax=docker/dockerfile:1" on the first line, one COPY --parents could bring them.`
    : lines;
}

/** Whether a COPY that stays above the install brings the file to the same place. */
function isThereAlready({ moved, install, context }: Request, file: string): boolean {
  const places = moved.map((copy) => imagePath(copy, file, context)).filter((place) => place !== undefined);
  return install.step.stage.steps
    .slice(0, install.step.index)
    .some(
      (step) =>
        step.copy && !moved.includes(step) && !step.copy.from && places.includes(imagePath(step, file, context) ?? ''),
    );
}

function linesFor(request: Request, copy: Step, files: readonly string[]): string[] {
  const flags = copy.instruction.flags
    .filter(({ name }) => name === 'chown' || name === 'chmod' || name === 'link')
    .map(({ span }) => request.dockerfile.text.slice(span.start, span.end));
  const groups = groupByFolder(request, copy, files);
  if (groups.size > 2 && canUseParents(request.dockerfile, copy))
    return [['COPY', '--parents', ...flags, ...files, destinationText(request, copy, '')].join(' ')];
  return [...groups].map(([folder, sources]) =>
    ['COPY', ...flags, ...sources, destinationText(request, copy, folder)].join(' '),
  );
}

/** Sources by the image folder (absolute) they go to; a folder whose files are all needed stands for itself. */
function groupByFolder({ context, install }: Request, copy: Step, files: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  const whole = wholeFolders(context, files, install);
  const add = (folder: string, source: string) => groups.set(folder, [...(groups.get(folder) ?? []), source]);
  for (const folder of whole) add(imagePath(copy, folder, context) ?? '/', folder);
  for (const file of files) {
    if (whole.some((folder) => within(folder, file) !== undefined)) continue;
    const place = imagePath(copy, file, context) ?? '/';
    add(place.slice(0, place.length - baseName(place).length), file);
  }
  return groups;
}

/** Folders (patches, schemas) all of whose files, at least two, are needed and none is a manifest. */
function wholeFolders(context: ContextSnapshot, files: readonly string[], { invocations }: InstallStep): string[] {
  const needed = new Set(files);
  const manifests = new Set(invocations.flatMap(({ manager }) => manager.manifests));
  const folders = [
    ...new Set(files.filter((file) => file.includes('/')).map((file) => file.slice(0, file.lastIndexOf('/')))),
  ];
  return folders.filter((folder) => {
    const inside = context.entries.filter(
      ({ path, type }) => type !== 'directory' && within(folder, path) !== undefined,
    );
    return inside.length > 1 && inside.every(({ path }) => needed.has(path) && !manifests.has(baseName(path)));
  });
}

/** COPY --parents is in Dockerfile syntax 1.20 and later, which `docker/dockerfile:1` stands for. */
function canUseParents(dockerfile: Dockerfile, copy: Step): boolean {
  const wholeContext = copy.copy?.sources.length === 1 && imagePathIsPlain(copy);
  return wholeContext === true && isSince(dockerfile, 20);
}

const imagePathIsPlain = (copy: Step): boolean => /^(\.?\/)?\.?$/.test(copy.copy?.sources[0]?.text ?? '');

/** The destination as one would write it: relative to the working directory where it lies below. */
function destinationText({ install }: Request, copy: Step, folder: string): string {
  const target = folder || (copy.copy?.destination ?? '/');
  const { workdir } = install.step;
  // Without a WORKDIR who writes an absolute path means it.
  const isAbsolute = workdir === '/' && /[\s"]\/\S*\s*$/.test(copy.instruction.rest.text);
  const rest = isAbsolute ? undefined : within(workdir, target.replace(/\/$/, ''));
  if (rest === undefined) return target.endsWith('/') ? target : `${target}/`;
  return rest === '' ? './' : `./${rest}/`;
}
