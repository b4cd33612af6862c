import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { hasIpvs, run } from '../../../lab/index.ts';
import { tell } from './checker.ts';
import { expectThat } from './expect.ts';

const BENCH = fileURLToPath(new URL('../../../dist/bench/main.js', import.meta.url));
const TIMEOUT_MS = 900_000;

const report = z.object({
  machine: z.object({ cpu: z.string() }),
  measurements: z.array(
    z.object({
      title: z.string(),
      unit: z.string(),
      results: z.array(z.object({ contender: z.string(), median: z.number() })),
    }),
  ),
});

/**
 * One round of the bench with IPVS in it; a quick one is too short for an emulated HAProxy. The figures are those of an
 * emulator: they compare nothing.
 */
export async function checkBench(): Promise<string> {
  expectThat(await hasIpvs(), 'the kernel has no IPVS, or ipvsadm is missing');
  const argv = [process.execPath, BENCH, '--rounds', '1', '--only', 'connections', '-o', 'json'];
  const { machine, measurements } = report.parse(JSON.parse(await run(argv, { timeoutMs: TIMEOUT_MS })));
  for (const { title, unit, results } of measurements) {
    const figures = results.map(({ contender, median }) => `${contender} ${median.toPrecision(3)}`);
    tell({ type: 'note', text: `EMULATED (${machine.cpu}), ${title}, ${unit}: ${figures.join(', ')}` });
    expectThat(
      results.some(({ contender, median }) => contender === 'ipvs' && median > 0),
      `${title}: IPVS is not among ${figures}`,
    );
  }
  return `${measurements.length} figures`;
}
