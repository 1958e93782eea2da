import { readBuildLog } from '../node/buildLog.ts';
import { openDisk } from '../node/disk.ts';
import { gatherFacts, rememberingGather } from '../node/gatherFacts.ts';
import { git } from '../node/git.ts';
import { gatherIgnoreFacts } from '../node/ignoreFiles.ts';
import { processIo } from './processIo.ts';
import { run } from './run.ts';

const io = processIo({
  gather: gatherFacts,
  gatherOnce: rememberingGather,
  gatherIgnore: gatherIgnoreFacts(),
  readBuildLog: (place) => readBuildLog(openDisk(), place),
  async git(folder, args) {
    const output = await git(folder, args);
    return output?.complete ? output.text : undefined;
  },
});

void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
