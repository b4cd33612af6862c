/**
 * Compares routing of TLS connections by name: `npm run bench:sni [-- ROUNDS SECONDS]` (as root). Sluice, HAProxy, nginx and no
 * balancer take turns, each in a lab of its own; the first round is thrown away.
 */
import { styleFor } from '../../src/cli/index.ts';
import { Stage } from '../contenders/stage.ts';
import { describeMachine } from '../machine.ts';
import { alternate } from '../rounds.ts';
import { NAME, NAME_CONTENDERS, startNameContender } from './contenders.ts';
import { clientHello, wrkScript } from './hello.ts';
import { measureNames, type NamePlan } from './measure.ts';
import { ProgramTimes } from './programs.ts';
import { formatRows, rowsOf } from './report.ts';

const [rounds = '9', seconds = '2'] = process.argv.slice(2);
const HANDSHAKES = 200;

process.setMaxListeners(20); // each lab and each balancer has one
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
const { cpuCount, cpu, kernel, loadBefore } = describeMachine();
process.stdout.write(
  `${cpuCount} x ${cpu}, Linux ${kernel}; load before: ${loadBefore.toFixed(1)}; ${rounds} rounds\n`,
);
const say = (done: number, all: number) => process.stderr.write(`bench: ${done}/${all}\n`);
const helloScript = wrkScript(await clientHello(NAME));
await using times = await ProgramTimes.begin();
const start = (name: (typeof NAME_CONTENDERS)[number]) => startNameContender(name, stop.signal);
await using stage = await Stage.open(NAME_CONTENDERS, start, say);
const plan: NamePlan = { seconds: Number(seconds), handshakes: HANDSHAKES, helloScript, times };
const samples = await alternate(
  stage.contenders,
  Number(rounds) + 1,
  (contender) => {
    stop.signal.throwIfAborted();
    return measureNames(contender, plan, stop.signal);
  },
  say,
);
const counted = stage.contenders.map(({ name }, index) => ({
  name,
  samples: samples[index]?.slice(1) ?? [],
}));
process.stdout.write(formatRows(rowsOf(counted), styleFor(process.stdout, process.env)));
