import { posix } from 'node:path';
import type { Step } from '../../../server/src/core/build/graph.ts';
import type { Flag, Heredoc, Instruction } from '../../../server/src/core/syntax/dockerfile.ts';
import { digest, isOwn, type Original, withoutDigest } from './original.ts';

/**
 * A command that costs nothing. What was written follows as a comment, so that the builder sees it with its continuations, quotes and blanks; of
 * that, only the words decide what the command writes.
 */
export function run(original: Original, instruction: Instruction, step: Step | undefined): string {
  const { written } = original;
  const { flags, args, rest, restSpan, heredocs, form, span } = instruction;
  const before = `RUN ${flags.flatMap((flag) => kept(original, flag, step)).join('')}`;
  const words = written.slice(restSpan.start, span.end).replace(/^\s*#.*$/gm, '');
  const id = digest(words.replace(/[\s\\`]+/g, ''));
  const command = /^[0-7]/.test(id) ? sameOfAll(id) : readingAll(id);
  if (form === 'exec') return `${before}${JSON.stringify(['/bin/sh', '-c', command, ...args.map(({ text }) => text)])}`;
  const [script] = heredocs;
  if (script && /^<<-?\S+$/.test(rest.text.trim())) return before + scriptOf(original, instruction, script, command);
  const old = written.slice(restSpan.start, span.end);
  return `${before}${command}${heredocs.length > 0 ? '; exit 0' : ''} # ${old}`;
}

const sameOfAll = (id: string): string => `mkdir -p /tmp && echo ${id} > /tmp/${id}`;

const readingAll = (id: string): string =>
  `mkdir -p /tmp && (echo ${id}; find . -xdev -path ./proc -prune -o -type f -print 2>/dev/null | sort | head -n 300 | xargs cat 2>/dev/null | md5sum) > /tmp/${id}`;

/** A body of which nothing is reached behind the command. */
function scriptOf({ written }: Original, { restSpan, span }: Instruction, script: Heredoc, command: string): string {
  const head = written.slice(restSpan.start, script.bodySpan.start);
  const body = written.slice(script.bodySpan.start, span.end);
  const [, interpreter = ''] = /^(\t*#!.*\n)/.exec(body) ?? [];
  return `${head}${interpreter && '#!/bin/sh\n'}${command}\nexit 0\n${body.slice(interpreter.length)}`;
}

/** A flag that this builder knows, its source one that is there. */
function kept(original: Original, flag: Flag, step: Step | undefined): string[] {
  const { written } = original;
  const { name, value = '', span } = flag;
  if (name === 'network')
    return value === 'none' || value === 'default' ? [`${written.slice(span.start, span.end)} `] : [];
  if (name !== 'mount' || (/(^|,)env=/.test(value) && !original.options.modern)) return [];
  const from = /(?:^|,)from=([^,]+)/.exec(value)?.[1];
  const foreign = from !== undefined && !isOwn(original, from);
  const target = step?.mounts.find((mount) => mount.flag === flag)?.target;
  const text = written
    .slice(span.start, span.end)
    .replace(/,required(=\w+)?/g, '')
    .replace(original.options.writable || from !== undefined ? /$^/ : /,(rw|readwrite|readonly=false)\b(=true)?/g, '')
    .replace(/,[ug]id=\$[^,\s]+/g, '')
    .replace(/(^|[,=])(target|dst|destination)=(?=[^,\s])(?:[^,\s]*)/, (all, comma: string, key: string) =>
      target === '/' ? `${comma}${key}=/whole` : all,
    );
  if (!foreign) return [`${text} `];
  if (from.includes('$')) return [];
  const image = withoutDigest(from);
  return [`${text.replace(/([,=])(source|src)=[^,\s]+/, '$1$2=/etc/group').replace(`from=${from}`, `from=${image}`)} `];
}

/** Only a plain shell is there, and only where it always was. */
export function shell({ args }: Instruction, text: string): string {
  const [program = '', ...options] = args.map(({ text: word }) => word);
  const known = options.every((option) => /^(-[ceuxl]+|-[eux]*o|pipefail|errexit|nounset|-[eux]*c)$/.test(option));
  if (/^(|\/usr)\/bin\/(ba)?sh$/.test(program) && known) return text.replace('/usr/bin/', '/bin/');
  const kind = posix.basename(program) === 'bash' ? '/bin/bash' : '/bin/sh';
  return `SHELL ${JSON.stringify([kind, ...(known ? options : ['-c'])])}`;
}
