/**
 * The images that a Dockerfile names in FROM, COPY --from and mounts, so that the stand-in can be given their names. Deliberately
 * simpler than the product's own reading of the file: a name too many does no harm.
 */
export function imageNames(dockerfile: string, args: Readonly<Record<string, string>>): Set<string> {
  const values = new Map<string, string>();
  for (const [, name = '', value] of dockerfile.matchAll(/^\s*ARG\s+(\w+)(?:=(\S*))?/gim)) {
    const given = args[name] ?? (value === undefined ? undefined : expand(value, values));
    // A stage that declares one again without a value has that of before the first FROM.
    if (given !== undefined || !values.has(name)) values.set(name, given ?? '');
  }
  const written = [
    ...dockerfile.matchAll(/^\s*FROM\s+(?:\\\s*)?(?:--platform=\S+\s+)?(\S+)/gim),
    ...dockerfile.matchAll(/--from=(\S+)/gi),
    ...dockerfile.matchAll(/,from=([^,\s]+)/gi),
  ].map(([, name = '']) => expand(name, values));
  const stages = new Set([...dockerfile.matchAll(/\sAS\s+(\S+)/gi)].map(([, name = '']) => name.toLowerCase()));
  return new Set(
    written.filter(
      (name) =>
        /^[a-z]([^$@]*[a-zA-Z0-9])?$/.test(name) &&
        !/:[^\w]/.test(name) &&
        name !== 'scratch' &&
        !stages.has(name.toLowerCase()),
    ),
  );
}

const expand = (text: string, values: ReadonlyMap<string, string>): string =>
  text
    .replace(/["']/g, '')
    .replace(/\$\{(\w+):?-([^}]*)\}/g, (_, name: string, fallback: string) => values.get(name) || fallback)
    .replace(/\$\{(\w+)\}|\$(\w+)/g, (_, braced: string, plain: string) => values.get(braced ?? plain) ?? '');
