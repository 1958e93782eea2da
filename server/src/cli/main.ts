import { gatherFacts, rememberingGather } from '../node/gatherFacts.ts';
import { git } from '../node/git.ts';
import { processIo } from './processIo.ts';
import { run } from './run.ts';

const io = processIo({
  gather: gatherFacts,
  gatherOnce: rememberingGather,
  async git(folder, args) {
    const output = await git(folder, args);
    return output?.complete ? output.text : undefined;
  },
});

void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
