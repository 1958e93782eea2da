import { addMounts, ownerOf, unknownOwner } from '../fixes/cacheMounts.ts';
import { completed, isPlainMount } from '../fixes/mountUse.ts';
import type { Plan } from '../fixes/plan.ts';
import { type UnmountedReaders, unmountedReaders } from '../fixes/unmountedReaders.ts';
import { type Edit, isBroken } from '../fixes.ts';
import { line, listing, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

function plan({ dockerfile }: RuleContext, { mounts, readers }: UnmountedReaders): Plan {
  const edits: Edit[] = [];
  for (const { call } of readers) {
    const owner = ownerOf(call.step);
    if (owner === undefined) return { fixes: [], refusal: unknownOwner(call.step) };
    const unclear = mounts.find(
      ({ mount }) => !isPlainMount(dockerfile, mount) || !mount.mount.writtenTarget?.startsWith('/'),
    );
    if (unclear || isBroken(dockerfile, call.step.instruction))
      return { fixes: [], refusal: 'There is no fix: the mount is written in a way that must be copied by hand.' };
    const texts = mounts.map(
      ({ mount: { mount }, location }) => `--mount=${completed(mount.flag.value ?? '', location.sharing, owner)}`,
    );
    edits.push(addMounts(dockerfile, call.step.instruction, texts));
  }
  const targets = listing(mounts.map(({ mount }) => mount.target));
  const title =
    readers.length > 1 ? `Mount ${targets} in ${readers.length} RUNs more` : `Mount ${targets} here as well`;
  return { fixes: [{ title, applicability: 'suggestion', edits }], refusal: undefined };
}

function report(context: RuleContext, found: UnmountedReaders): Report | undefined {
  const [first, ...others] = found.readers;
  const source = found.mounts[0]?.mount;
  if (!first || !source) return undefined;
  const { fixes, refusal } = plan(context, found);
  const { title } = found.manager;
  const effect =
    first.action === 'consume'
      ? 'This step does not find them there and cannot fetch them: it fails'
      : 'This step fetches them again, into its layer';
  return {
    span: first.call.command.span,
    message: sentences(
      `What ${title} fetched on ${line(source.step.instruction)} is in the cache mount at ${source.target} only, not in the image. ${effect}. Add the same mount here.`,
      refusal,
    ),
    related: [
      { span: source.mount.flag.span, message: `${title} keeps its packages in this mount.` },
      ...others.map(({ call }) => ({ span: call.command.span, message: 'The same here.' })),
    ],
    fixes,
  };
}

export const unmountedCacheReader: Rule = {
  id: 'unmounted-cache-reader',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A step needs what an earlier one left in a cache mount, but does not have the mount',
    why: `For some tools the download cache is also where packages are installed: Go's module cache, NuGet's packages, Maven's repository, Cargo's registry. What a \`RUN\` with a cache mount there fetches is in no layer. A later \`RUN\`
without the mount starts with an empty folder: \`dotnet build --no-restore\` and \`mvn -o\` fail, \`go build\` and \`mvn package\` fetch everything again, and this time into the layer.`,
    fix: 'Adds the same mount to every later `RUN` that needs it. A suggestion, as what these steps leave in their layers changes.',
    ignore: 'When the packages must be in the layer of that step.',
    bad: {
      dockerfile:
        'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY app.csproj ./\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore\nCOPY Program.cs ./\nRUN dotnet publish --no-restore -o /out\n\nFROM mcr.microsoft.com/dotnet/aspnet:9.0\nCOPY --from=build /out /app\n',
      files: { 'app.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"/>', 'Program.cs': '' },
    },
    good: {
      dockerfile:
        'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY app.csproj ./\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore\nCOPY Program.cs ./\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet publish --no-restore -o /out\n\nFROM mcr.microsoft.com/dotnet/aspnet:9.0\nCOPY --from=build /out /app\n',
      files: { 'app.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"/>', 'Program.cs': '' },
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
      'https://github.com/dotnet/dotnet-docker/issues/3353',
    ],
  },
  *checkStage(context, stage) {
    for (const found of unmountedReaders(context.graph, stage, context.facts.context)) {
      if (found.mounts[0]?.mount.step.stage !== stage) continue;
      const made = report(context, found);
      if (made) yield made;
    }
  },
};
