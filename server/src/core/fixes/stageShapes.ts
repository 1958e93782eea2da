import type { BuildGraph, Stage, Step } from '../build/graph.ts';
import type { Model } from '../cache/model.ts';
import { join, within } from '../cache/placement.ts';
import { tableAt } from '../managers/documents.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import { listing } from '../prose.ts';
import { imageReference } from '../syntax/imageReference.ts';
import { isMounted } from './cacheMounts.ts';
import { type Development, scriptStarted } from './development.ts';
import { extractStage, filesBefore } from './extractStage.ts';
import { installStep } from './installStep.ts';
import { noFix, type Plan } from './plan.ts';
import { isAside, neededBeside, productOf, type Start } from './product.ts';
import { projectOf } from './project.ts';
import { runtimeImage } from './runtimeImage.ts';

/** A stage that ships what it took to build. */
export interface Situation {
  readonly graph: BuildGraph;
  readonly model: Model;
  readonly stage: Stage;
  readonly start: Start;
}

/** Libraries that these crates link to lie in the image of the build. Others bring theirs along, or need none. */
const linksStatically =
  /^(.*-)?(windows|winapi|linux-raw|js|web|core-foundation|security-framework|dirs|inotify|kqueue|fsevent|hermit|mach|wasi|zstd|lzma|bzip2|jemalloc|tikv-jemalloc|mimalloc|libmimalloc|aws-lc|aws-lc-fips|libsqlite3|ring|rav1e|linux|ndk|objc|objc2|system-configuration|schannel|io-kit|libfuzzer)-sys$/;

function linked({ call }: Invocation, { model }: Situation): string | undefined {
  const project = projectOf(call, model.context);
  const text = project?.context.text(join(project.directory, 'Cargo.lock'));
  if (text === undefined) return 'Cargo.lock, which tells what the program links to, is not known.';
  const name = [...text.matchAll(/^name = "([\w-]+-sys)"/gm)]
    .map((found) => found[1] ?? '')
    .find((each) => !linksStatically.test(each));
  return name && `${name} links to a library of the image in which it is built.`;
}

/** Whether a project of the folder is a web application, so that it needs ASP.NET Core. */
const isWeb = (files: readonly string[], { model: { context } }: Situation): boolean =>
  files.some(
    (file) =>
      /proj$/.test(file) &&
      /Microsoft\.NET\.Sdk\.(Web|BlazorWebAssembly)|Microsoft\.AspNetCore\.App/.test(context?.text(file) ?? ''),
  );

/** Go, Rust, Java and .NET: one file, or one folder, that runs in a smaller image. */
export function compiledShape(situation: Situation, build: Invocation): Plan {
  const { model, stage, start } = situation;
  const last = build.call.step;
  const folder = last.workdir;
  const product = productOf(build, start, model.context);
  if (!product) return noFix('which file of the build the image starts is not known.');
  if (isMounted(last, product.path)) return noFix('the output lies in a cache mount.');
  const files = filesBefore(situation, last, folder);
  const image = runtimeImage(stage, isWeb(files, situation));
  if (!image) return noFix(`no smaller image is known that fits ${stage.image ?? 'this one'}.`);
  const library = build.manager.id === 'cargo' ? linked(build, situation) : undefined;
  if (library) return noFix(library);
  const beside = neededBeside(build, files);
  if (beside.length > 0)
    return noFix(`the program may read other files of the build context when it runs: ${listing(beside, 3)}.`);
  const { file = product.path } = start;
  const target = file.includes('/') ? product.path : `/usr/local/bin/${file}`;
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  return extractStage({
    ...situation,
    last,
    image,
    isSameImage: false,
    folder,
    copies: (name) => [
      ...(image.startsWith('debian:') ? [`COPY --from=${name} ${certificates} ${certificates}`] : []),
      `COPY --from=${name} ${product.path} ${target}`,
    ],
  });
}

const nodeSources =
  /^src\/|\.[cm]?tsx?$|(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|nest-cli\.json|tsconfig[^/]*\.json|jest[^/]*|[^/]*\.config\.[cm]?[jt]s|[^/]*\.(spec|test)\.[cm]?jsx?|tslint\.json|nodemon\.json|biome\.json)$/;

/** What a command line `node --flags dist/main.js` runs, relative to the project. */
function nodeFile({ start }: Situation, { manifest }: Development, folder: string): string | undefined {
  if (/^node(js)?$/.test(start.program)) return start.file && within(folder, start.file);
  return /^node\s+(?:--\S+\s+)*(?:\.\/)?([\w./-]+)$/.exec(scriptStarted(start, manifest)?.trim() ?? '')?.[1];
}

const prune: Readonly<Record<string, string>> = { npm: 'npm prune --omit=dev', pnpm: 'pnpm prune --prod' };

/** Node: the output of the build and the dependencies, without those that only serve development. */
export function nodeShape(situation: Situation, development: Development): Plan {
  const { model, stage } = situation;
  const { install, build, manifest } = development;
  const folder = install.call.cwd ?? '';
  const file = nodeFile(situation, development, folder);
  const output = /^([\w.-]+)\/./.exec(file ?? '')?.[1];
  const command = Object.hasOwn(prune, install.manager.id) ? prune[install.manager.id] : undefined;
  const context = model.context;
  if (!context || !output || context.get(join(manifest.directory, output)) || folder !== build.workdir)
    return noFix('which folder the build makes, and the image starts, is not known.');
  if (!command)
    return noFix(`how ${install.manager.title} takes the development dependencies away again is not known.`);
  const names = Object.keys({
    ...tableAt(manifest.json, 'dependencies'),
    ...tableAt(manifest.json, 'devDependencies'),
  });
  if ('workspaces' in manifest.json || names.some((name) => /prisma/.test(name)))
    return noFix('workspaces and Prisma need more than the output and the dependencies.');
  const beside = filesBefore(situation, build, folder).filter((each) => {
    const path = within(manifest.directory, each) ?? each;
    return !nodeSources.test(path) && !isAside(path);
  });
  if (beside.length > 0)
    return noFix(`the program may read other files of the build context when it runs: ${listing(beside, 3)}.`);
  return extractStage({
    ...situation,
    last: build,
    image: stage.from.args[0]?.text ?? '',
    isSameImage: true,
    folder,
    finish: [`RUN ${command}`],
    copies: (name) =>
      ['package.json', 'node_modules', output].map(
        (each) => `COPY --from=${name} ${folder}/${each} ./${each === 'package.json' ? '' : each}`,
      ),
  });
}

const compiler = /^(gcc|g\+\+|clang|build-essential|build-base)$/;

/** The compilers that a step installs for Python's packages and leaves in the layer. */
export function compilersOf(step: Step): string[] {
  const calls = invocationsOf(step);
  if (
    step.script?.commands.some(({ words }) =>
      words.some(({ value }) => /^(purge|remove|del|autoremove|erase)$/.test(value ?? '')),
    )
  )
    return [];
  return calls.flatMap(({ manager, call, action }) =>
    action === 'install'
      ? (manager.packages?.(call) ?? []).flatMap(({ value }) => (value && compiler.test(value) ? [value] : []))
      : [],
  );
}

const isPip = ({ manager, action }: Invocation): boolean => manager.id === 'pip' && action === 'install';
const elsewhere = /^(-t|--target|--prefix|--root|--user|--editable|-e)(=|$)/;

/** Python: a virtual environment that takes the packages along. */
export function pythonShape(situation: Situation): Plan {
  const { model, stage } = situation;
  const installs = stage.steps.filter((step) => invocationsOf(step).some(isPip));
  const [first] = installs;
  const last = installs.at(-1);
  const calls = installs
    .flatMap((step) => invocationsOf(step))
    .filter(isPip)
    .map(({ call }) => call);
  const known = installs.map((step) => installStep(step, model.context));
  const files = new Set(known.flatMap((install) => install?.inputs.files ?? []));
  const obstacle = known.flatMap((install) => install?.inputs.obstacles ?? [])[0];
  if (!first || !last || obstacle) return noFix(obstacle ?? 'how the packages would move is known for pip only.');
  if (
    calls.some(
      ({ args, command }) => command.words[0]?.text.includes('/') || args.some(({ text }) => elsewhere.test(text)),
    )
  )
    return noFix('pip installs to a place of its own.');
  if (situation.start.file?.startsWith('/usr/'))
    return noFix('what the image starts lies outside of a virtual environment.');
  const other = filesBefore(situation, last, '/').find((file) => !files.has(file));
  if (other) return noFix(`${other} is copied before the packages are installed, and the image needs it as well.`);
  const path = 'ENV PATH=/opt/venv/bin:$PATH';
  return extractStage({
    ...situation,
    last,
    image: stage.from.args[0]?.text ?? '',
    isSameImage: true,
    folder: last.workdir,
    prepare: { before: first, lines: ['RUN python -m venv /opt/venv', path] },
    settings: [path],
    copies: (name) => [`COPY --from=${name} /opt/venv /opt/venv`],
  });
}

/** The tag alone says little of an image's size; its name says what it is. */
export const shownImage = ({ image = 'the base image' }: Stage): string => {
  const { repository, tag } = imageReference(image);
  return tag ? `${repository}:${tag}` : repository;
};
