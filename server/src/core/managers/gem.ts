import { type Arguments, parseArgs, syntax } from './args.ts';
import { movedBy } from './locations.ts';
import type { Call, Manager } from './manager.ts';
import { fileOperand } from './operands.ts';

const options = syntax(
  '-v --version -i --install-dir -n --bindir -s --source -p --http-proxy --platform -P --trust-policy -g --file',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);
const kind = { class: 'A', sharing: 'locked' } as const;

/** One small gem, which depends on no other: a cache saves next to nothing. */
const isBundlerOnly = (call: Call): boolean => {
  const [, ...names] = argsOf(call).operands;
  return names.length > 0 && names.every(({ text }) => /^bundler(:|$)/.test(text));
};

/** RubyGems itself: tools installed by name, most often bundler. */
export const gem: Manager = {
  id: 'gem',
  title: 'gem',
  programs: ['gem'],
  action: (call) => (/^(install|i|update)$/.test(argsOf(call).subcommand) ? 'self' : undefined),
  caches: (call) =>
    isBundlerOnly(call)
      ? []
      : [
          movedBy(call, [['GEM_HOME', '/cache']], kind) ?? {
            path: undefined,
            reason: "The cache lies in RubyGems' folder, which depends on how Ruby was installed.",
            ...kind,
          },
        ],
  defeaters: () => [],
  kept: ['/usr/local/bundle/cache'],
  obstacle: (call) => fileOperand(call, argsOf(call).operands.slice(1)),
  manifests: [],
};
