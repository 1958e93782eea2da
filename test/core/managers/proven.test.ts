import assert from 'node:assert/strict';
import { buildGraph } from '../../../server/src/core/build/graph.ts';
import { managers } from '../../../server/src/core/managers/index.ts';
import { invocationsOf } from '../../../server/src/core/managers/invocations.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { projects } from '../../buildkit/fixes/generate.ts';

describe('the projects on which fixes are proven', () => {
  it('are installed or built by every package manager', () => {
    const text = projects
      .map(
        ({ image, installs, build }) =>
          `FROM ${image}\n${[...installs, build].map((each) => `RUN ${each}\n`).join('')}`,
      )
      .join('');
    const { stages } = buildGraph(parseDockerfile(text), { args: {} });
    const used = new Set(stages.flatMap(({ steps }) => steps.flatMap(invocationsOf)).map(({ manager }) => manager.id));
    assert.deepEqual(
      managers.map(({ id }) => id).filter((id) => !used.has(id)),
      [],
    );
  });

  it('have names unlike each other', () => {
    assert.equal(new Set(projects.map(({ name }) => name)).size, projects.length);
  });
});
