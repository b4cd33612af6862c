/**
 * Compares routing of TLS connections by name: `npm run bench:sni [-- ROUNDS SECONDS]` (as root). Sluice, HAProxy, nginx and no
 * balancer take turns, each in a lab of its own; the first round is thrown away.
 */
import { describeMachine } from '../machine.ts';
import { alternate } from '../rounds.ts';
import { NAME_CONTENDERS, type NameContender, startNameContender } from './contenders.ts';
import { measureNames } from './measure.ts';
import { formatRows, rowsOf } from './report.ts';

const [rounds = '9', seconds = '2'] = process.argv.slice(2);
const HANDSHAKES = 200;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const { cpuCount, cpu, kernel, loadBefore } = describeMachine();
process.stdout.write(
  `${cpuCount} x ${cpu}, Linux ${kernel}; load before: ${loadBefore.toFixed(1)}; ${rounds} rounds\n`,
);
const contenders: NameContender[] = [];
try {
  for (const name of NAME_CONTENDERS) contenders.push(await startNameContender(name, stop.signal));
  const plan = { seconds: Number(seconds), handshakes: HANDSHAKES };
  const samples = await alternate(
    contenders,
    Number(rounds) + 1,
    (contender) => {
      stop.signal.throwIfAborted();
      return measureNames(contender, plan, stop.signal);
    },
    (done, all) => process.stderr.write(`bench: ${done}/${all}\n`),
  );
  const counted = contenders.map(({ name }, index) => ({ name, samples: samples[index]?.slice(1) ?? [] }));
  process.stdout.write(formatRows(rowsOf(counted)));
} finally {
  await Promise.all(contenders.map((each) => each[Symbol.asyncDispose]()));
}
