import type { Draft, StageDraft } from './draft.ts';
import { images } from './draft.ts';

const folders = ['/app/', './', '.', '/srv/app', '/d/', 'sub/', '/app/src/', '/', '/app/../e/', './/x//', '/link/'];
const users = ['node', '1000', '1000:1000', 'node:node', '0:0', 'nobody', '5:6'];

/** COPY or ADD from the build context. */
export function copyInstruction(draft: Draft, stage: StageDraft): string {
  const { random } = draft;
  const [sources, destination] = random.weighted<() => [string[], string]>([
    [3, () => oneFile(draft, stage)],
    [2, () => [[random.pick(['.', './', '/'])], random.pick(['/app/', '.', '/all', './'])]],
    [2, () => [[folderSource(draft)], random.pick(folders)]],
    [2, () => [random.some(draft.context.sources, 0.4, 2), random.pick(['/app/', './', '/d/', 'sub/'])]],
    [2, () => [[random.pick(globs)], random.pick(['/g/', './', '/app/'])]],
    [draft.context.archives.length, () => [[...draft.context.archives], '/t/']],
    [draft.context.links.length, () => [[random.pick(['link', 'link', 'src/'])], random.pick(['/l/', '/l2'])]],
  ])();
  const keyword = random.chance(sources.some((source) => source.endsWith('.tar')) ? 0.8 : 0.12) ? 'ADD' : 'COPY';
  const { excludes } = draft.dialect;
  const exclude = excludes && random.chance(0.15) ? ` --exclude=${random.pick(excluded)}` : '';
  const unpack =
    excludes && keyword === 'ADD' && random.chance(0.3) ? ` --unpack${random.pick(['', '=false', '=true'])}` : '';
  return `${keyword}${flags(draft)}${exclude}${unpack} ${written(draft, sources, destination)}`;
}

const excluded = [
  '!*.txt',
  '*.txt',
  '**/*.js',
  'src',
  'lib',
  'conf/app.conf',
  '**/x.js',
  '*',
  '[ab].txt',
  '**',
  'nothing',
];

const globs = [
  '*.txt',
  'src/*.js',
  'package*.json',
  '?.txt',
  'conf/*',
  's*',
  '[a-b].txt',
  'src/**/*.js',
  '*',
  'src/*/util.js',
  'nothing*',
  '[!a].txt',
  '[^b-z].t?t',
  '*.t?t',
  's*/m*',
  '\\a.txt',
  './*.json',
  'conf/../*.txt',
  '.[a-z]*',
];

function oneFile({ random, context }: Draft, stage: StageDraft): [string[], string] {
  const source = random.pick(context.sources);
  const base = source.slice(source.lastIndexOf('/') + 1);
  const destination = random.pick(['/app/', './', '.', '/f', `/x/${base}`, base, '/a/b/c/', ...variableFolders(stage)]);
  if (destination === '/f') stage.outputs.push('/f');
  return [[random.chance(0.2) ? random.pick(['./', '/', './/', 'conf/../', 'x/../']) + source : source], destination];
}

const variableFolders = (stage: StageDraft): string[] =>
  [...stage.variables].flatMap((name) => [`/v/$${name}/`, `/v/\${${name}:-none}/`]);

const folderSource = ({ random, context }: Draft): string =>
  `${context.folders.length > 0 ? random.pick(context.folders) : '.'}${random.pick(['', '', '/', '/', '/.', '//'])}`;

function written({ random }: Draft, sources: readonly string[], destination: string): string {
  const words = [...sources, destination];
  const plain = words.every((word) => !/[ "]/.test(word));
  return plain && random.chance(0.85) ? words.join(' ') : JSON.stringify(words);
}

const symbolic = ['u+x', 'go-w', 'a=rX', 'u=rwX,go=rX', '+x'];

function flags({ random, dialect }: Draft): string {
  const chown = random.chance(0.15) ? ` --chown=${random.pick([...users, '$V1', `\${V2:-1000}`])}` : '';
  const chmod = random.chance(0.12)
    ? ` --chmod=${random.pick(['755', '0755', '644', '600', `\${V9:-700}`, ...(dialect.excludes ? symbolic : [])])}`
    : '';
  const link = random.chance(0.15) ? ' --link' : '';
  return random.chance(0.5) ? chown + chmod + link : link + chown + chmod;
}

/** COPY --from a stage that stands before, or an image. */
export function copyFromInstruction(draft: Draft): string {
  const { random } = draft;
  const [named] = draft.context.named;
  if (named && random.chance(0.5)) {
    const source = random.pick(['a.txt', 'src', '.', '*.t?t', 'src/*.js', 'package.json src/main.js', 'src/lib/']);
    return `COPY --from=${named}${flags(draft)} ${source} ${random.pick(['/n/', './', '/app/'])}`;
  }
  const earlier = [...draft.stages.keys()].filter((index) => draft.stages[index]?.outputs.length);
  if (earlier.length > 0 && random.chance(0.85)) return copyFromStage(draft, random.pick(earlier));
  const source = random.pick(['/etc/passwd', '/etc/group', '/etc']);
  return `COPY --from=${random.pick(images)}${flags(draft)} ${source} /img/`;
}

export function copyFromStage(draft: Draft, index: number): string {
  const { random } = draft;
  const stage = draft.stages[index];
  const from = stage?.name && random.chance(0.8) ? casing(draft, stage.name) : String(index);
  const outputs = random.some(stage?.outputs ?? [], 0.3, 1);
  const source = random.weighted([
    [5, outputs.join(' ') || '/tmp'],
    [1, '/tmp/o*'],
    [1, '/tmp'],
    [1, '/tmp/'],
    [0.5, '/'],
  ]);
  return `COPY --from=${from}${flags(draft)} ${source} ${random.pick(['/from/', '/from/x/', './'])}`;
}

const casing = ({ random }: Draft, name: string): string => (random.chance(0.1) ? name.toUpperCase() : name);

export function copyHeredoc({ random }: Draft, stage: StageDraft): string {
  if (random.chance(0.15))
    return `COPY${random.chance(0.3) ? ' --link' : ''} <<one <<"two" /hh/\nfirst $V1\none\nsecond $V1\ntwo`;
  const variable = stage.variables.size > 0 ? `\${${random.pick([...stage.variables])}}` : 'plain';
  const word = random.pick(['EOF', '"EOF"', 'END', "'X'", '-EOF']);
  const delimiter = word.replace(/["'-]/g, '');
  stage.outputs.push('/h');
  return `COPY <<${word} /h\nline ${random.fresh()}\n\tvalue ${variable}\n${delimiter}`;
}
