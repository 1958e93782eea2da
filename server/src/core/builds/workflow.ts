import { at, isTable, parseYaml, stringAt, tableAt } from '../managers/documents.ts';
import type { WrittenBuild } from './declared.ts';
import { dockerCommands } from './dockerCommand.ts';
import { asksMatrix, filled, matrixOf } from './matrix.ts';

/** The images that a GitHub workflow builds: docker/build-push-action, and `docker build` in scripts. */
export function workflowBuilds(text: string): WrittenBuild[] {
  const file = parseYaml(text);
  const folder = stringAt(file, 'defaults', 'run', 'working-directory');
  return Object.entries(tableAt(file, 'jobs')).flatMap(([job, content]) => {
    const steps = at(content, 'steps');
    if (!Array.isArray(steps) || steps.some(isElsewhere)) return [];
    const own = stringAt(content, 'defaults', 'run', 'working-directory') ?? folder ?? '.';
    const matrix = matrixOf(content);
    return steps.flatMap((step: unknown) =>
      (asksMatrix([step, own]) ? matrix : [{}]).flatMap((combination) =>
        stepBuilds(filled(step, combination), job, String(filled(own, combination))),
      ),
    );
  });
}

/** What is checked out is then not where the paths of this repository start. */
const isElsewhere = (step: unknown): boolean =>
  (stringAt(step, 'uses') ?? '').startsWith('actions/checkout@') &&
  (at(step, 'with', 'path') !== undefined || at(step, 'with', 'repository') !== undefined);

function stepBuilds(step: unknown, job: string, folder: string): WrittenBuild[] {
  if (/^(docker|depot)\/build-push-action@/.test(stringAt(step, 'uses') ?? '')) return actionBuild(step, job);
  const run = stringAt(step, 'run');
  const base = known(stringAt(step, 'working-directory') ?? folder);
  if (run === undefined || base === undefined) return [];
  return dockerCommands(run.replace(/\$\{\{[\s\S]*?\}\}/g, '$EXPRESSION')).map((build) => ({
    ...build,
    context: join(base, build.context),
    dockerfile: build.dockerfileFrom === 'context' ? build.dockerfile : join(base, build.dockerfile),
    clause: `docker build of job ${job}`,
  }));
}

const join = (base: string, path: string): string =>
  path.startsWith('/') || /^[\w+.-]+:|^git@/.test(path) ? path : `${base}/${path}`;

/** https://github.com/docker/build-push-action#inputs; without a context it is the repository's root, from git. */
function actionBuild(step: unknown, job: string): WrittenBuild[] {
  const { with: inputs } = isTable(step) ? step : {};
  const written = stringAt(inputs, 'context');
  const git = /^\{\{\s*defaultContext\s*\}\}(?::(.*))?$/.exec(written ?? '{{defaultContext}}');
  const context = known(git ? git[1] || '.' : (written ?? '.'));
  const file = stringAt(inputs, 'file');
  const dockerfile = known(file ?? 'Dockerfile');
  if (context === undefined || dockerfile === undefined) return [];
  const lines = (name: string): string[] =>
    (stringAt(inputs, name) ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.includes('='));
  const args = lines('build-args').map((line) => {
    const equals = line.indexOf('=');
    return [line.slice(0, equals), known(line.slice(equals + 1))] as const;
  });
  return [
    {
      context,
      dockerfile,
      dockerfileFrom: file === undefined || git?.[1] ? 'context' : 'base',
      target: known(stringAt(inputs, 'target') ?? '') || undefined,
      args: new Map(args),
      named: lines('build-contexts').map((line) => line.slice(0, line.indexOf('='))),
      clause: `context of job ${job}`,
    },
  ];
}

/** A value with no expression in it but the workspace's own folder. */
function known(text: string): string | undefined {
  const value = text.replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?/, './');
  return value.includes('${{') || value.includes('$(') ? undefined : value;
}
