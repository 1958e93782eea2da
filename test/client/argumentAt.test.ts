import assert from 'node:assert/strict';
import { argumentAt } from '../../client/src/views/argumentAt.ts';

/** The cursor is where `|` is. */
const at = (line: string): string | undefined => argumentAt(line.replace('|', ''), line.indexOf('|'));

describe('the argument at the cursor', () => {
  it('is what an ARG declares there, or first', () => {
    assert.equal(at('|ARG A=1 B'), 'A');
    assert.equal(at('ARG A=|1 B'), 'A');
    assert.equal(at('ARG A=1 B|'), 'B');
    assert.equal(at('  arg A="x y|" B'), 'A');
    assert.equal(at('ARG A="x y" B=$A|'), 'B');
    assert.equal(at('ONBUILD ARG A|'), 'A');
  });

  it('is the variable that is used there', () => {
    assert.equal(at('FROM node:$|{TAG}'), 'TAG');
    assert.equal(at(`RUN echo \${A:-x|} $B`), 'A');
    assert.equal(at(`RUN echo \${A:-x} $|B`), 'B');
  });

  it('is none elsewhere', () => {
    assert.equal(at('RUN |echo $B'), undefined);
    assert.equal(at('ARG |'), undefined);
    assert.equal(at('|'), undefined);
  });
});
