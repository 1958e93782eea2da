// The suite's entry in both kinds of extension host.
import './output.ts';
import 'mocha/mocha.js';

/** What VS Code calls: resolves when all tests passed, rejects otherwise. */
export async function run(): Promise<void> {
  mocha.setup({ ui: 'bdd', timeout: 60_000, reporter: 'spec' });
  await import('./documents.test.ts');
  await import('./diagnostics.test.ts');
  await import('./actions.test.ts');
  await import('./settings.test.ts');
  await import('./context.test.ts');
  await import('./contextView.test.ts');
  await import('./dockerfileHelp.test.ts');
  await import('./ignoreFile.test.ts');
  await import('./whatIf.test.ts');
  await import('./commands.test.ts');
  await new Promise<void>((resolve, reject) => {
    // Not mocha.run: that one looks for its options in a page's address.
    Mocha.prototype.run.call(mocha, (failures) => (failures > 0 ? reject(new Error(`${failures} failed`)) : resolve()));
  });
}
