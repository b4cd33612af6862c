import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Cache } from './host/cache.ts';
import { summary } from './host/report.ts';
import { runMachine } from './host/run-machine.ts';
import type { MachineResult } from './host/verdict.ts';
import { MACHINES, type Machine } from './machines.ts';

const DEFAULT_MINUTES = 20;
const BENCH_MINUTES = 60;
const USAGE = `usage: npm run test:kernels -- [--only MACHINE]... [--bench] [--update-budget] [--keep-log] [--minutes N]
  --only MACHINE   boot this one only: ${MACHINES.map(({ name }) => name).join(', ')}
  --bench          measure instead IPVS, which these kernels have, beside nftables and Sluice
  --update-budget  make what the verifiers take today their budgets (test/verifier/budget.json)
  --keep-log       keep the console's log also of machines that pass (build/kernels/MACHINE.log)
  --minutes N      how long a machine may take; default ${DEFAULT_MINUTES}, with --bench ${BENCH_MINUTES}`;

/** Where the command stands. */
export interface CliOptions {
  /** Folder of the project, built. */
  readonly project: string;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/**
 * Boots the machines one after another.
 * @returns the exit status: 1 when one fails, 64 for a command line that makes no sense
 */
export async function runCli(argv: readonly string[], { project, signal, say }: CliOptions): Promise<number> {
  const wishes = parse(argv);
  if (typeof wishes === 'string') {
    say(wishes);
    return wishes === USAGE ? 0 : 64;
  }
  const cache = new Cache(join(project, 'build/kernels'), say);
  const results: MachineResult[] = [];
  for (const machine of wishes.machines) {
    say(`${machine.name}: booting`);
    results.push(await runMachine(machine, { ...wishes, project, cache, signal, say }));
  }
  say(summary(results));
  return results.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

interface Wishes {
  readonly machines: readonly Machine[];
  readonly updateBudget: boolean;
  readonly keepLog: boolean;
  readonly timeoutMs: number;
  readonly bench: boolean;
}

/** What to do, or what to say instead. */
function parse(argv: readonly string[]): Wishes | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true },
        bench: { type: 'boolean', default: false },
        'update-budget': { type: 'boolean', default: false },
        'keep-log': { type: 'boolean', default: false },
        minutes: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const minutes = Number(values.minutes ?? (values.bench ? BENCH_MINUTES : DEFAULT_MINUTES));
    const only = values.only ?? MACHINES.map(({ name }) => name);
    const unknown = only.filter((name) => !MACHINES.some((machine) => machine.name === name));
    if (values.help) return USAGE;
    if (unknown.length > 0) return `test:kernels: no machine ${unknown.join(', ')}\n${USAGE}`;
    if (!(minutes > 0)) return `test:kernels: --minutes ${values.minutes} is no number above 0\n${USAGE}`;
    return {
      machines: MACHINES.filter(({ name }) => only.includes(name)),
      updateBudget: values['update-budget'],
      keepLog: values['keep-log'],
      timeoutMs: minutes * 60_000,
      bench: values.bench,
    };
  } catch (error) {
    return `test:kernels: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
