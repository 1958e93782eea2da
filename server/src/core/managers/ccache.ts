import { commandDefeater } from './defeaters.ts';
import { inHome, movedBy } from './locations.ts';
import type { CacheLocation, Call, Manager } from './manager.ts';

const first = ({ args }: Call): string => args[0]?.value ?? '';
const kind = { class: 'A', sharing: 'shared', compiled: true } as const;

/** Sources: ccache.dev manual (`cache_dir`), sccache's README (`SCCACHE_DIR`). */
const caches = (call: Call): CacheLocation[] =>
  call.program === 'ccache'
    ? [
        movedBy(
          call,
          [
            ['CCACHE_DIR', ''],
            ['XDG_CACHE_HOME', '/ccache'],
          ],
          kind,
        ) ?? inHome(call, '.cache/ccache', kind),
      ]
    : [
        movedBy(
          call,
          [
            ['SCCACHE_DIR', ''],
            ['XDG_CACHE_HOME', '/sccache'],
          ],
          kind,
        ) ?? inHome(call, '.cache/sccache', kind),
      ];

/** Compiler caches, called as `ccache gcc …`. */
export const ccache: Manager = {
  id: 'ccache',
  title: 'ccache',
  programs: ['ccache', 'sccache'],
  action: (call) =>
    /^(-C|--clear|-c|--cleanup)$/.test(first(call)) ? 'clean' : /^[^-]/.test(first(call)) ? 'build' : undefined,
  caches,
  defeaters: (call) => (/^(-C|--clear)$/.test(first(call)) ? [commandDefeater(call)] : []),
  kept: ['~/.cache/ccache', '~/.cache/sccache', '~/.ccache'],
  manifests: [],
};
