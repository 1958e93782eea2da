import { stringAt, tableAt } from '../managers/documents.ts';
import type { WrittenBuild } from './declared.ts';
import { parseJsonc } from './jsonc.ts';

/** The build of a devcontainer.json: https://containers.dev/implementors/json_reference/#image-specific */
export function devcontainerBuilds(text: string): WrittenBuild[] {
  const file = parseJsonc(text);
  const dockerfile = stringAt(file, 'build', 'dockerfile') ?? stringAt(file, 'dockerFile');
  const context = stringAt(file, 'build', 'context') ?? stringAt(file, 'context') ?? '.';
  if (dockerfile === undefined || isOpen(dockerfile) || isOpen(context)) return [];
  const target = stringAt(file, 'build', 'target');
  const args = Object.entries(tableAt(file, 'build', 'args')).map(
    ([name, value]) => [name, typeof value === 'string' && !isOpen(value) ? value : undefined] as const,
  );
  return [
    {
      context,
      dockerfile,
      dockerfileFrom: 'base',
      target: target !== undefined && isOpen(target) ? undefined : target,
      args: new Map(args),
      named: [],
      clause: 'build.context',
    },
  ];
}

const isOpen = (text: string): boolean => text.includes('${');
