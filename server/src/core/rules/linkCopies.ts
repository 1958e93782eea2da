import { ancestors, type Stage, type Step } from '../build/graph.ts';
import { linkedFolder } from '../cache/link.ts';
import { destinationOf, within } from '../cache/placement.ts';
import { isShipped } from '../cache/shipped.ts';
import { isSince } from '../fixes/frontend.ts';
import { isBroken } from '../fixes.ts';
import { listing, named, plural } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { baseName } from '../syntax/path.ts';

/** Folders whose owner or mode is not root's and 0755, or that may be links: a layer that is made without them would say otherwise. */
const special = /^\/(tmp|var\/tmp|root|home|run|var\/run|var\/lock|proc|sys|dev)(\/|$)|^\/$/;

/** Whether a name without a slash at its end means the same without a look at the image: a folder may be there already. */
function isPlain({ model, facts }: RuleContext, { copy }: Step): boolean {
  if (!copy) return false;
  if (/(\/|\/\.)$/.test(copy.destination)) return true;
  const [source, ...more] = copy.sources;
  if (!source || more.length > 0) return false;
  const name = source.text.replace(/\/+$/, '');
  if (baseName(name) === baseName(copy.destination)) return true;
  return (
    !copy.from && model.context !== undefined && facts.context?.get(name.replace(/^\.?\//, ''))?.type === 'directory'
  );
}

/** Whether a script before it may have made links, or given the folder away. */
const mayPrepare = (step: Step, destination: string): boolean =>
  [...ancestors(step)].some(
    ({ keyword, script, instruction }) =>
      keyword === 'RUN' &&
      (!script?.complete ||
        script.commands.some(
          ({ words: [program, ...args] }) =>
            /^(ln|chown|chmod|chgrp|install|useradd|adduser)$/.test(baseName(program?.value ?? 'ln')) &&
            (program?.value === 'ln' ||
              args.some(
                ({ text }) => text.includes('$') || within(text.replace(/\/+$/, '') || '/', destination) !== undefined,
              )),
        ) ||
        instruction.form === 'exec'),
  );

function canLink(context: RuleContext, step: Step): boolean {
  const { copy, instruction, stage, user } = step;
  const destination = destinationOf(step);
  if (!copy || destination === undefined || copy.link || copy.chmod || copy.parents || step.fromOnbuild) return false;
  if (copy.chown !== undefined && !/^\d+(:\d+)?$/.test(copy.chown)) return false;
  if (copy.urls.length + copy.heredocs.length > 0 || !['', '0', 'root', 'root:root', '0:0'].includes(user))
    return false;
  if (
    special.test(destination) ||
    destination.includes('$') ||
    linkedFolder(stage, destination) ||
    isBroken(context.dockerfile, instruction)
  )
    return false;
  return isPlain(context, step) && !mayPrepare(step, destination);
}

const knowsLink = ({ dockerfile, config }: RuleContext): boolean =>
  config.builder === 'buildkit' &&
  (!dockerfile.directives.some(({ name }) => name === 'syntax') || isSince(dockerfile, 4));

function report(context: RuleContext, stage: Stage): Report | undefined {
  // A RUN behind a COPY is made again with what is before it, linked or not.
  const from = stage.steps.findLastIndex(({ keyword }) => keyword === 'RUN') + 1;
  const copies = stage.base.kind === 'scratch' ? [] : stage.steps.slice(from).filter((step) => canLink(context, step));
  const [first, ...others] = copies;
  if (!first) return undefined;
  return {
    span: first.instruction.keywordSpan,
    message: `${listing(copies.map(named), 2)} could be ${plural(copies.length, 'layer')
      .replace(/^1 layer$/, 'a layer')
      .replace(
        /^\d+ /,
        '',
      )} of ${copies.length > 1 ? 'their' : 'its'} own with --link: made again only when the files change, and kept when ${stage.image ?? 'the base image'} or a step above changes.`,
    related: others.map(({ instruction }) => ({
      span: instruction.keywordSpan,
      message: 'Could have --link as well.',
    })),
    fixes: [
      {
        title: 'Add --link',
        applicability: 'suggestion',
        edits: copies.map(
          ({
            instruction: {
              keywordSpan: { end },
            },
          }) => ({ span: { start: end, end }, newText: ' --link' }),
        ),
      },
    ],
  };
}

export const linkCopies: Rule = {
  id: 'link-copies',
  severity: 'off',
  category: 'stages',
  docs: {
    summary: 'A COPY of the image that ships could use `--link`, so that its layer survives a new base image',
    why: `A plain \`COPY\` is keyed by the step before it: a new base image makes all layers above it again. \`COPY --link\` makes its layer on nothing and lays it over what is below, so that BuildKit (and a registry) keeps it when only the base changes. The containerd image store and
BuildKit itself can do that; on Docker's older graph drivers \`--link\` is a plain \`COPY\`.

The rule is off by default, as it is a matter of taste: a linked layer does not see what is below. A destination that is a symbolic link there becomes a real folder, and folders that the layer has to make belong to root. Only copies behind the last \`RUN\` are reported, where most is won. Copies to such places, by user names, and with
\`--chmod\` are not reported.`,
    fix: 'Adds `--link` to all of them. A suggestion: whether a folder of the image is a link is not in the Dockerfile. The step runs once more.',
    ignore: 'When the base image rarely changes.',
    bad: {
      dockerfile: '# syntax=docker/dockerfile:1\nFROM nginx:1.29\nCOPY dist/ /usr/share/nginx/html/\n',
      files: { 'dist/index.html': '' },
    },
    good: {
      dockerfile: '# syntax=docker/dockerfile:1\nFROM nginx:1.29\nCOPY --link dist/ /usr/share/nginx/html/\n',
      files: { 'dist/index.html': '' },
    },
    references: ['https://docs.docker.com/reference/dockerfile/#copy---link'],
  },
  *checkStage(context, stage) {
    const found = knowsLink(context) && isShipped(context.graph, stage) ? report(context, stage) : undefined;
    if (found) yield found;
  },
};
