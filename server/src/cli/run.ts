import { version } from '../../../package.json';
import { type Arguments, parseArguments } from './arguments.ts';
import { check } from './check.ts';
import { showContext } from './context.ts';
import { explain } from './explain.ts';
import { helpText } from './help.ts';
import { complain, type ExitCode, type Io, UsageError } from './io.ts';
import { predict } from './whatIf/command.ts';

/** One run of the program. Never rejects. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(parseArguments(args), io);
  } catch (error) {
    if (error instanceof UsageError) {
      complain(io, error.message);
      io.stderr.write('Try "cache-lens --help".\n');
    } else complain(io, `this is a defect, please report it: ${error instanceof Error ? error.stack : String(error)}`);
    return 2;
  }
}

async function dispatch(args: Arguments, io: Io): Promise<ExitCode> {
  switch (args.command) {
    case 'check':
      return check(io, args);
    case 'explain':
      return explain(io, args);
    case 'context':
      return showContext(io, args);
    case 'what-if':
      return predict(io, args);
    case 'help':
      io.stdout.write(helpText(args.topic));
      return 0;
    default:
      io.stdout.write(`${version}\n`);
      return 0;
  }
}
