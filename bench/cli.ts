import { Command, Option } from 'commander';
import {
  integerParser,
  type OutputFormat,
  outputOption,
  runTool,
  type ToolIo,
  writeReport,
} from '../src/cli/index.ts';
import { CONTENDERS } from './contenders/contender.ts';
import { PARTS, type PlanOptions, planOf } from './plan.ts';
import { Progress } from './progress.ts';
import { formatReport } from './report/text.ts';
import { runBench } from './run.ts';

interface Options extends PlanOptions {
  readonly output: OutputFormat;
}

const MAX_ROUNDS = 100;
/** So many that the balancer's table has room for all. */
const MAX_FLOWS = 100_000;

/**
 * Runs the command line of the bench to its end. A missed aim is no failure.
 * @returns the exit status
 */
export function runCli(argv: readonly string[], io: ToolIo): Promise<number> {
  return runTool(argv, io, command(), async (options: Options, signal) => {
    const report = await runBench(planOf(options), new Progress(io.stderr), signal);
    writeReport(io, options.output, report, formatReport);
    return 0;
  });
}

function command(): Command {
  return new Command('bench')
    .description('measure Sluice beside plain routing, nftables, HAProxy and nginx, in network namespaces')
    .usage('[options]')
    .addOption(
      new Option('--rounds <count>', 'times that every contender is measured').argParser(
        integerParser(1, MAX_ROUNDS),
      ),
    )
    .addOption(
      new Option('--flows <count>', 'flows of which the cost of a packet is measured, beside one').argParser(
        integerParser(2, MAX_FLOWS),
      ),
    )
    .addOption(new Option('--only <parts...>', 'only these parts').choices(PARTS))
    .addOption(
      new Option('--contenders <names...>', 'only these; default: all that this machine has').choices(
        CONTENDERS,
      ),
    )
    .option('--quick', 'one short round of everything: shows that it works, measures nothing worth quoting')
    .addOption(outputOption());
}
