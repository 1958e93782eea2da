import { type Collector, filesIn, isFolder } from '../collect.ts';
import { stringAt } from '../documents.ts';
import { dirname, escapes, resolve } from '../paths.ts';
import { dependsOn, type Package } from './packageJson.ts';

const configs = [
  'prisma.config.ts',
  'prisma.config.js',
  'prisma.config.mjs',
  'prisma.config.cjs',
  '.config/prisma.ts',
  '.config/prisma.js',
];
const defaultSchemas = ['prisma/schema.prisma', 'prisma/schema', 'schema.prisma'];

/** The schema of a project: a file, or a folder of files. */
function schemaOf(
  collect: Collector,
  of: Package | undefined,
  directory: string,
  written: string | undefined,
): string | undefined {
  const named = written ?? (of && stringAt(of.json, 'prisma', 'schema'));
  const candidates = named === undefined ? defaultSchemas : [named];
  return candidates
    .map((path) => resolve(directory, path))
    .find((path) => !escapes(path) && (collect.context.get(path) !== undefined || isFolder(collect.context, path)));
}

/** Adds what `prisma generate` reads in a folder. Sources: prisma.io/docs, "Generating the client" and "Environment variables". */
export function collectPrisma(collect: Collector, of: Package | undefined, directory: string, written?: string): void {
  const config = configs.map((path) => resolve(directory, path)).find((path) => collect.context.get(path));
  if (config) {
    collect.obstacle(`prisma generate runs ${config}, which may read other files of the project.`);
    return;
  }
  const schema = schemaOf(collect, of, directory, written);
  if (schema === undefined) {
    collect.required(resolve(directory, written ?? 'prisma/schema.prisma'), 'prisma generate');
    return;
  }
  collectSchema(collect, schema);
  // The generated client remembers where an .env file was when it was made.
  for (const env of [resolve(directory, '.env'), resolve(dirname(schema), '.env')])
    if (collect.context.get(env)) collect.obstacle(`prisma generate looks at ${env}, which is in the build context.`);
}

/** A schema's folder holds what belongs to it; the schema may be split over several files. */
function collectSchema(collect: Collector, schema: string): void {
  const files = isFolder(collect.context, schema) ? filesIn(collect.context, schema) : [schema];
  const schemas = files.filter((file) => file.endsWith('.prisma'));
  for (const file of schemas) {
    collect.required(file, 'prisma generate');
    const text = collect.text(file);
    if (text !== undefined) collectGenerators(collect, file, text);
  }
}

function collectGenerators(collect: Collector, schema: string, text: string): void {
  for (const [, provider = ''] of text.matchAll(/^[ \t]*provider\s*=\s*"([^"\n]*)"/gm))
    if (/[\s/]/.test(provider))
      collect.obstacle(`${schema} has the generator \`${provider}\`, which may read other files of the project.`);
  for (const [, output = ''] of text.matchAll(/^[ \t]*output\s*=\s*"([^"\n]*)"/gm)) {
    const path = resolve(dirname(schema), output);
    if (!escapes(path) && (collect.context.get(path) || filesIn(collect.context, path).length > 0))
      collect.obstacle(
        `prisma generate writes to ${path}, which is in the build context as well: a COPY after the install would bring the old files back.`,
      );
  }
}

/** The client's own install script generates it where it finds a schema, and only warns where it does not: the result would differ. */
export function collectPrismaClient(collect: Collector, of: Package, root: Package): void {
  if (!dependsOn(of, '@prisma/client')) return;
  for (const each of new Set([of, root]))
    if (schemaOf(collect, each, each.directory, undefined) !== undefined) collectPrisma(collect, each, each.directory);
}
