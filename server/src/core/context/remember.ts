import type { ContextSnapshot } from '../workspace.ts';

/**
 * Remembers what is found out about an object under a build context: several rules ask the same of a step or a call, and both last as long
 * as one analysis, which has one context.
 */
export function perContext<K extends object, V>(
  find: (key: K, context: ContextSnapshot | undefined) => V,
): (key: K, context: ContextSnapshot | undefined) => V {
  const known = new WeakMap<K, { readonly context: ContextSnapshot | undefined; readonly value: V }>();
  return (key, context) => {
    const last = known.get(key);
    if (last && last.context === context) return last.value;
    const value = find(key, context);
    known.set(key, { context, value });
    return value;
  };
}
