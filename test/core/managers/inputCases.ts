import assert from 'node:assert/strict';
import { inputsOf } from './support.ts';

export interface Case {
  /** A command, or a whole Dockerfile with one call. */
  readonly run?: string;
  readonly directory?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly reads: readonly string[];
  /** One pattern for each obstacle, in any order; none where the list is proven complete. */
  readonly says?: readonly RegExp[];
}

/** One test for each case; `run` is for those that have none of their own. */
export function checkAll(cases: Readonly<Record<string, Case>>, run = ''): void {
  for (const [title, each] of Object.entries(cases))
    it(title, () => {
      const { files, obstacles } = inputsOf(each.run ?? run, each.files, each.directory);
      assert.deepEqual(files, [...each.reads].sort());
      const says = each.says ?? [];
      assert.equal(obstacles.length, says.length, obstacles.join('\n') || 'no obstacle');
      for (const pattern of says)
        assert.ok(
          obstacles.some((obstacle) => pattern.test(obstacle)),
          obstacles.join('\n'),
        );
      for (const obstacle of obstacles) assert.match(obstacle, /^[A-Z`a-z@./].*\.$/s);
    });
}
