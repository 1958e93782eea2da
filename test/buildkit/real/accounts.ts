import { expand } from '../../../server/src/core/build/expand.ts';
import type { BuildGraph } from '../../../server/src/core/build/graph.ts';
import { numberOf } from './original.ts';

const name = /^[a-z_][\w-]*$/i;

/** Users and groups named by USER and `--chown`, variables expanded. */
export function accountsIn({ stages, dockerfile }: BuildGraph): string[] {
  const owners = stages.flatMap(({ steps }) =>
    steps.flatMap(({ keyword, instruction, environment, copy }) => {
      if (copy) return copy.chown ?? [];
      return keyword === 'USER' ? expand(instruction.rest.text, environment.bind, dockerfile).text : [];
    }),
  );
  return [...new Set(owners.flatMap((owner) => owner.split(':')))].filter((each) => name.test(each)).sort();
}

/** Gives an image these accounts. All are root by number, but each of a group of its own. */
export function accountLines(accounts: readonly string[]): string {
  const own = accounts.filter((account) => account !== 'root');
  if (own.length === 0) return '';
  const users = own.map((account) => `${account}:x:0:${numberOf(account)}::/:/bin/sh\\n`).join('');
  const groups = own.map((account) => `${account}:x:${numberOf(account)}:\\n`).join('');
  const others = own.join('\\|');
  const add = (path: string, lines: string) => `sed -i '/^\\(${others}\\):/d' ${path} && printf '${lines}' >> ${path}`;
  return `\nRUN ${add('/etc/passwd', users)} && ${add('/etc/group', groups)}`;
}
