// Marks what the tests print in the web worker, as test-entry.cjs does in the other extension host. A module of its own that
// comes first, because mocha takes console.log when it is imported.

/** Put in place of the name when the suite is bundled; empty where nothing is to be marked. */
declare const OUTPUT_MARK: string;

if (OUTPUT_MARK) {
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    const forward = console[method];
    const value = (first: unknown = '', ...rest: unknown[]) => forward.call(console, `${OUTPUT_MARK}${first}`, ...rest);
    Object.defineProperty(console, method, { value, configurable: true, writable: true });
  }
}
