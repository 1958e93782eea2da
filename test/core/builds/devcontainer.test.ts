// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files have templates of their own
import assert from 'node:assert/strict';
import { type DeclaredBuild, declaredBuilds } from '../../../server/src/core/builds/declared.ts';

const read = (file: string, text: string): DeclaredBuild[] => declaredBuilds(`/w/${file}`, text, '/w');

const places = (text: string): string[] =>
  read('.devcontainer.json', text).flatMap(({ dockerfile, context }) => [dockerfile, context]);

describe('builds of development containers', () => {
  it('are read from devcontainer.json, which is JSON with comments', () => {
    const text = `{
  // comment "with" quotes
  "build": {
    "dockerfile": "Dockerfile", /* a, */
    "context": "..",
    "target": "dev",
    "args": { "A": "//x,}", "B": "\${localEnv:B}" },
  },
}`;
    assert.deepEqual(
      read('.devcontainer/devcontainer.json', text).map(({ args, ...build }) => ({
        ...build,
        args: Object.fromEntries(args),
      })),
      [
        {
          kind: 'devcontainer',
          dockerfile: '/w/.devcontainer/Dockerfile',
          context: '/w',
          target: 'dev',
          args: { A: '//x,}', B: undefined },
          named: [],
          reason: 'build.context in .devcontainer/devcontainer.json',
        },
      ],
    );
    assert.deepEqual(places('{"dockerFile": "x", "context": "a"}'), ['/w/x', '/w/a']);
    assert.deepEqual(places('{"image": "x"}'), []);
    assert.deepEqual(places('{"build": {"dockerfile": "${localEnv:X}"}}'), []);
  });
});
