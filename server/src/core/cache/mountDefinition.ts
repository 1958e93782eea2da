import type { Mount, Step } from '../build/graph.ts';
import { baseName, cleanPath } from '../build/paths.ts';
import type { Selector, Source } from './definition.ts';
import type { Builder } from './model.ts';

export interface MountInput {
  /** What of the mount enters the definition of its RUN. */
  readonly key: readonly unknown[];
  /** The files that enter by content; undefined for an empty cache, tmpfs, secrets and agents. */
  readonly input: { readonly source: Source; readonly selector: Selector } | undefined;
}

export interface MountScope {
  readonly builder: Builder;
  /** `BUILDKIT_CACHE_MOUNT_NS`. */
  readonly cacheNamespace: string;
  readonly sourceOf: (mount: Mount) => Source;
}

/** A RUN's mounts in the order in which BuildKit keeps them: by target, then secrets, then agents (ExecOp.Marshal in client/llb/exec.go). */
export function mountInputs(step: Step, scope: MountScope): MountInput[] {
  const files = step.mounts.filter(({ type }) => type !== 'secret' && type !== 'ssh');
  const sorted = files.map((mount) => ({ mount, target: keyTarget(step, mount) })).sort(byTarget);
  const sources: Source[] = [];
  return [
    ...sorted.map(({ mount, target }) => fileMount(mount, target, scope, sources)),
    ...step.mounts
      .filter(({ type }) => type === 'secret')
      .map((mount) => ({ key: secretKey(mount), input: undefined })),
    ...step.mounts
      .filter(({ type }) => type === 'ssh')
      .map((mount, index) => ({ key: agentKey(mount, index), input: undefined })),
  ];
}

const byTarget = (a: { readonly target: string }, b: { readonly target: string }): number =>
  a.target < b.target ? -1 : Number(a.target > b.target);

/** An absolute target stays as written, trailing slash and all; a relative one is joined to the working directory. */
function keyTarget(step: Step, { options }: Mount): string {
  const target = options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '';
  return cleanPath(target).startsWith('/') ? target : cleanPath(`/${step.workdir}/${target}`);
}

function fileMount(mount: Mount, target: string, scope: MountScope, sources: Source[]): MountInput {
  const { type, readOnly, options } = mount;
  const head = [target, type === 'tmpfs' ? '' : readOnly];
  if (type === 'tmpfs') return { key: [...head, 'tmpfs', byteCount(options.get('size') ?? '0')], input: undefined };
  if (type === 'cache' && !mount.from)
    return { key: [...head, 'cache', cacheKey(mount, target, scope), ownership(mount, '0755')], input: undefined };
  const source = scope.sourceOf(mount);
  const key = [...head, type, sourceNumber(source, sources), type === 'cache' ? cacheKey(mount, target, scope) : ''];
  return { key, input: { source, selector: mountSelector(mount) } };
}

/** Mounts of one source share an input; the file system that the RUN runs on is number 0. */
function sourceNumber(source: Source, sources: Source[]): number {
  const known = sources.findIndex((other) => sameSource(other, source));
  if (known >= 0) return known + 1;
  return sources.push(source);
}

export function sameSource(a: Source, b: Source): boolean {
  if (a.kind === 'vertex') return b.kind === 'vertex' && a.vertex === b.vertex;
  if (a.kind === 'context') return b.kind === 'context' && a.name === b.name;
  return b.kind === 'remote' && a.url === b.url && a.checksum === b.checksum;
}

const mountSelector = ({ source }: Mount): Selector => ({
  path: cleanPath(`/${source ?? ''}`),
  glob: false,
  parents: undefined,
  exclude: [],
  known: !source?.includes('${'),
});

/** The id under which the builder keeps a cache mount: by default its target as written. */
export const cacheIdOf = ({ id, options }: Mount): string =>
  id || cleanPath(options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '');

/**
 * The id and sharing of a cache mount: only where they are the defaults (checkShouldClearCacheOpts in ops/exec.go), so that all other ids are
 * alike. Docker 20.10 keeps them always.
 */
function cacheKey(mount: Mount, target: string, scope: MountScope): readonly string[] {
  const { sharing } = mount;
  const cacheId = cacheIdOf(mount);
  const isDefault = cacheId === target && sharing === 'shared';
  return isDefault || scope.builder === 'docker-20.10' ? [scope.cacheNamespace, cacheId, sharing] : [];
}

/** With a mode or an owner the cache starts as a directory made with them; without, as nothing. */
function ownership({ options, source }: Mount, defaultMode: string): readonly number[] {
  const written = ['uid', 'gid', 'mode'].some((name) => options.has(name));
  if (!written || cleanPath(`/${source ?? ''}`) !== '/') return [];
  return [Number(options.get('uid') ?? 0), Number(options.get('gid') ?? 0), octal(options.get('mode') ?? defaultMode)];
}

/** `1m` is 1048576 (go-units' RAMInBytes); what is no size counts as written. */
function byteCount(size: string): number | string {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?$/i.exec(size) ?? [];
  return digits === undefined ? size : Math.floor(Number(digits) * 1024 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' '));
}

const octal = (mode: string): number => Number.parseInt(mode, 8);

const isRequired = (options: ReadonlyMap<string, string>): boolean =>
  options.has('required') && !/^(0|f|false)$/i.test(options.get('required') ?? '');

/** The id, where it is put and how; never the value (dispatchSecret in dockerfile2llb/convert_secrets.go). */
function secretKey({ options, source, id }: Mount): readonly unknown[] {
  const written = options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '';
  const name = source || id || baseName(written);
  const variable = options.get('env');
  const target = written || (variable === undefined ? `/run/secrets/${baseName(name)}` : '');
  return ['secret', name, target, variable ?? '', ownerOf(options, '0400'), isRequired(options)];
}

function agentKey({ options, id }: Mount, index: number): readonly unknown[] {
  const written = options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '';
  const target = written || `/run/buildkit/ssh_agent.${index}`;
  return ['ssh', id ?? '', target, ownerOf(options, '0600'), isRequired(options)];
}

const ownerOf = (options: ReadonlyMap<string, string>, defaultMode: string): readonly number[] => [
  Number(options.get('uid') ?? 0),
  Number(options.get('gid') ?? 0),
  octal(options.get('mode') ?? defaultMode),
];
