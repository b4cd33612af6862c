import { Argument, type Command } from 'commander';
import { MAX_LIMIT } from '../../admin/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { CircuitState } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import { formatCircuits } from '../format/circuit.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';

/** What a word does to a circuit. */
const STATES = { open: 'open', close: 'closed', reset: 'auto' } as const satisfies Record<
  string,
  CircuitState
>;
type Action = keyof typeof STATES;

/** `sluice circuit`. */
export function addCircuitCommand(program: Command, context: CommandContext): void {
  program
    .command('circuit')
    .description(
      'show the circuits of targets; open or close one by hand, or reset it to what connections find',
    )
    .addArgument(new Argument('[action]', 'what to do; without: show').choices(Object.keys(STATES)))
    .argument('[proxy]', 'proxy of the target')
    .argument('[target]', 'the target: IP:PORT')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(
      (
        action: Action | undefined,
        proxy: string | undefined,
        target: string | undefined,
        options: ReadOptions,
      ) => circuit({ action, proxy, target }, options, context),
    );
}

interface Wish {
  readonly action: Action | undefined;
  readonly proxy: string | undefined;
  readonly target: string | undefined;
}

async function circuit(wish: Wish, options: ReadOptions, context: CommandContext): Promise<void> {
  const { action, proxy, target } = wish;
  const client = clientOf(options);
  if (action === undefined) {
    const report = await client.circuits({ limit: MAX_LIMIT });
    if (options.output === 'json') context.printJson(report);
    else context.print(formatCircuits(report, context.style, Date.now()));
    return;
  }
  if (proxy === undefined || target === undefined) {
    throw new SluiceError('usage', `circuit ${action} needs a proxy and a target`, {
      fix: `sluice circuit ${action} PROXY IP:PORT`,
    });
  }
  const report = await client.setCircuit(proxy, target, STATES[action]);
  if (options.output === 'json') context.printJson(report);
  else context.print(`${target} of ${proxy}: ${report.reason}\n`);
}
