import type { Step } from '../build/graph.ts';
import { isBroken } from '../fixes.ts';
import { accountOf } from '../managers/account.ts';
import type { Dockerfile, Word } from '../syntax/dockerfile.ts';
import { baseName } from '../syntax/path.ts';
import { noFix, type Plan } from './plan.ts';

/** Folders for what leaves a mount; the first that the file does not speak of is taken. */
const folders = ['/out', '/output', '/artifacts'];

/** Lets the RUN that has the mount copy `path` (absolute) to a folder of the layer, from where `source`, a word of a COPY, takes it. */
export function copyOut(dockerfile: Dockerfile, run: Step, path: string, source: Word): Plan {
  const folder = folders.find((each) => !new RegExp(`(^|[^\\w.-])${each}\\b`, 'm').test(dockerfile.text));
  if (!folder || !/^[\w./*-]+$/.test(source.text)) return noFix('its path is quoted, or depends on a variable.');
  if (!endsPlainly(dockerfile, run))
    return noFix('the RUN with the mount does not end in a plain command, behind which it could be copied out.');
  const { end } = run.instruction.span;
  const copy = `&& mkdir -p ${folder} && cp -r ${path} ${folder}/`;
  return {
    fixes: [
      {
        title: `Copy ${baseName(path)} out of the mount`,
        applicability: 'suggestion',
        edits: [
          { span: { start: end, end }, newText: ` ${dockerfile.escape}${dockerfile.eol}    ${copy}` },
          { span: source.span, newText: `${folder}/${baseName(path)}` },
        ],
      },
    ],
    refusal: undefined,
  };
}

/** Whether another command can stand behind the last one of a RUN, and may write to a new folder at the root. */
function endsPlainly(dockerfile: Dockerfile, run: Step): boolean {
  const { instruction, script } = run;
  const last = script?.commands.at(-1);
  return (
    script?.complete === true &&
    instruction.form === 'shell' &&
    instruction.heredocs.length === 0 &&
    !isBroken(dockerfile, instruction) &&
    last?.unconditional === true &&
    last.within.length === 0 &&
    last.span.end === instruction.span.end &&
    accountOf(run).isRoot
  );
}
