import { commandDefeater } from './defeaters.ts';
import type { Action, CacheLocation, Call, Manager } from './manager.ts';
import { fileOperand } from './operands.ts';

/** The letters of joined options: `Syu` of `-Syu --noconfirm`. */
const letters = ({ args }: Call): string =>
  args.map(({ value }) => /^-([A-Za-z]+)$/.exec(value ?? '')?.[1] ?? '').join('');
const has = ({ args }: Call, ...names: readonly string[]): boolean =>
  args.some(({ value }) => names.includes(value ?? ''));
const operands = ({ args }: Call) => args.filter(({ text }) => !text.startsWith('-'));

function action(call: Call): Action | undefined {
  const given = letters(call);
  if (given.includes('U') || has(call, '--upgrade')) return 'install';
  if (!given.includes('S') && !has(call, '--sync')) return undefined;
  if (given.includes('c') || has(call, '--clean')) return 'clean';
  if (operands(call).length > 0 || given.includes('u') || has(call, '--sysupgrade'))
    return given.includes('w') ? 'fetch' : 'install';
  return given.includes('y') || has(call, '--refresh') ? 'index' : undefined;
}

const locations: readonly CacheLocation[] = [{ path: '/var/cache/pacman/pkg', class: 'A', sharing: 'locked' }];

/** System packages of Arch Linux. */
export const pacman: Manager = {
  id: 'pacman',
  title: 'pacman',
  programs: ['pacman'],
  action,
  caches: () => locations,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['/var/cache/pacman'],
  packages: operands,
  obstacle: (call) => fileOperand(call, operands(call)),
  manifests: [],
};
