import { ancestors } from '../build/graph.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';

const withoutDevelopment = /^(-P|--prod|--production(=true)?|--omit=dev|--only=prod(uction)?|--no-dev)$/;

const isForProduction = ({ call }: Invocation): boolean => call.args.some(({ text }) => withoutDevelopment.test(text));

/** Whether an install begins with removing what is there (docs.npmjs.com, npm-ci). */
export const startsAnew = ({ manager, call }: Invocation): boolean =>
  manager.id === 'npm' &&
  call.args.some(({ text }) => /^(ci|clean-install|ic|install-clean|isntall-clean)$/.test(text));

const removesAll = /\brm\s[^;&|]*\b(node_modules|vendor|\.venv)\b/;

/**
 * Whether an install has only to take the development dependencies away, as `yarn install --production` behind the build: an earlier step has
 * installed all of them in the same folder, and they are still there.
 */
export function onlyPrunes(invocation: Invocation): boolean {
  const { call, action } = invocation;
  if (action !== 'install' || call.cwd === undefined || !isForProduction(invocation) || startsAnew(invocation))
    return false;
  if (removesAll.test(call.step.instruction.rest.text)) return false;
  return followsFullInstall(invocation);
}

/** Whether a RUN removes what an earlier one has installed, to install for production only: `rm -rf node_modules && yarn install --production` behind the build. */
export const replaces = (invocation: Invocation): boolean =>
  isForProduction(invocation) &&
  removesAll.test(invocation.call.step.instruction.rest.text) &&
  followsFullInstall(invocation);

function followsFullInstall({ manager, call }: Invocation): boolean {
  for (const step of [...ancestors(call.step)].reverse()) {
    if (step.keyword !== 'RUN') continue;
    if (removesAll.test(step.instruction.rest.text)) return false;
    const earlier = invocationsOf(step).find(
      (each) => each.manager === manager && each.action === 'install' && each.call.cwd === call.cwd,
    );
    if (earlier) return !isForProduction(earlier);
  }
  return false;
}
