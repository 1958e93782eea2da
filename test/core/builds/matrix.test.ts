// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files have templates of their own
import assert from 'node:assert/strict';
import { type DeclaredBuild, declaredBuilds } from '../../../server/src/core/builds/declared.ts';

const read = (file: string, text: string): DeclaredBuild[] => declaredBuilds(`/w/${file}`, text, '/w');
const places = (text: string): string[] =>
  read('.github/workflows/ci.yml', text).map(
    ({ dockerfile, context }) => `${dockerfile.slice(2)} in ${context.slice(2) || '/'}`,
  );

describe('a matrix', () => {
  it('makes many of one bake target', () => {
    const text = `
variable "IMAGES" {
default = [
  { name = "a", file = "a/Dockerfile" },
  { name = "b", file = "b/Dockerfile" },
]
}
variable "BASE" { default = "example.com/base" }
target "base" { dockerfile = "base.Dockerfile" }
target "image" {
name = item.name
matrix = { item = IMAGES }
dockerfile = item.file
contexts = merge(
  { (BASE) = "target:base" },
  item.name == "b" ? { "\${BASE}-x" = "target:a" } : {}
)
}
target "flavor" {
name = "flavor-\${v}-\${w}"
matrix = { v = ["x", "y"], w = ["1"] }
context = v
dockerfile = "\${w}.Dockerfile"
}
target "open" {
matrix = { v = split(",", BASE) }
context = v
}
`;
    const builds = read('docker-bake.hcl', text);
    assert.deepEqual(
      builds.map(({ dockerfile, context }) => `${dockerfile} in ${context}`),
      [
        '/w/base.Dockerfile in /w',
        '/w/a/Dockerfile in /w',
        '/w/b/Dockerfile in /w',
        '/w/x/1.Dockerfile in /w/x',
        '/w/y/1.Dockerfile in /w/y',
      ],
    );
    assert.deepEqual(builds[1]?.named, ['example.com/base']);
  });

  it('makes a build for each combination of a workflow', () => {
    const job = (matrix: string, step: string) =>
      places(`jobs:\n  image:\n    strategy:\n      matrix: ${matrix}\n    steps: [${step}]\n`);
    const action = (inputs: string) => `{ uses: docker/build-push-action@v6, with: { ${inputs} } }`;
    const own = action('context: ., file: "${{ matrix.image.file }}"');
    assert.deepEqual(job('{ image: [{ file: a/Dockerfile }, { file: b/Dockerfile }], os: [x] }', own), [
      '/a/Dockerfile in /',
      '/b/Dockerfile in /',
    ]);
    const folder = action('context: "./${{ matrix.dir }}"');
    assert.deepEqual(
      job('{ dir: [a, b], os: [x], exclude: [{ dir: b }], include: [{ dir: c }, { dir: a, tag: d }] }', folder),
      ['/a/Dockerfile in /a', '/c/Dockerfile in /c'],
    );
    assert.deepEqual(job('{ include: [{ dir: c }, { dir: d }] }', '{ run: "docker build ${{ matrix.dir }}" }'), [
      '/c/Dockerfile in /c',
      '/d/Dockerfile in /d',
    ]);
    assert.deepEqual(job('"${{ fromJSON(needs.plan.outputs.matrix) }}"', folder), []);
    assert.deepEqual(job('{ dir: "${{ fromJSON(inputs.dirs) }}" }', folder), []);
  });
});
