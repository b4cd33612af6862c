/**
 * Compares routing of TLS connections by name: `npm run bench:sni [-- ROUNDS SECONDS]` (as root). Sluice, HAProxy, nginx and no
 * balancer take turns, each in a lab of its own; the first round is thrown away.
 */
import { runTool, styleFor, systemCliIo } from '../../src/cli/index.ts';
import { Stage } from '../contenders/stage.ts';
import { describeMachine } from '../machine.ts';
import { alternate } from '../rounds.ts';
import { command, type NameWishes } from './command.ts';
import { NAME, NAME_CONTENDERS, startNameContender } from './contenders.ts';
import { clientHello, wrkScript } from './hello.ts';
import { measureNames, type NamePlan } from './measure.ts';
import { ProgramTimes } from './programs.ts';
import { formatRows, rowsOf } from './report.ts';

const HANDSHAKES = 200;
/** Each lab and each balancer has one. */
const SIGNAL_LISTENERS = 20;

async function measure({ rounds, seconds }: NameWishes, signal: AbortSignal): Promise<number> {
  process.setMaxListeners(SIGNAL_LISTENERS);
  const { cpuCount, cpu, kernel, loadBefore } = describeMachine();
  process.stdout.write(
    `${cpuCount} x ${cpu}, Linux ${kernel}; load before: ${loadBefore.toFixed(1)}; ${rounds} rounds\n`,
  );
  const say = (done: number, all: number) => process.stderr.write(`bench: ${done}/${all}\n`);
  const helloScript = wrkScript(await clientHello(NAME));
  await using times = await ProgramTimes.begin();
  const start = (name: (typeof NAME_CONTENDERS)[number]) => startNameContender(name, signal);
  await using stage = await Stage.open(NAME_CONTENDERS, start, say);
  const plan: NamePlan = { seconds, handshakes: HANDSHAKES, helloScript, times };
  const samples = await alternate(
    stage.contenders,
    rounds + 1,
    (contender) => {
      signal.throwIfAborted();
      return measureNames(contender, plan, signal);
    },
    say,
  );
  const counted = stage.contenders.map(({ name }, index) => ({
    name,
    samples: samples[index]?.slice(1) ?? [],
  }));
  process.stdout.write(formatRows(rowsOf(counted), styleFor(process.stdout, process.env)));
  return 0;
}

process.exitCode = await runTool(process.argv.slice(2), systemCliIo(), command(), measure);
