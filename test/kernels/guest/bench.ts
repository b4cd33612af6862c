import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { hasIpvs, run } from '../../../lab/index.ts';
import { tell } from './checker.ts';
import { expectThat } from './expect.ts';

const BENCH = fileURLToPath(new URL('../../../dist/bench/main.js', import.meta.url));
const TIMEOUT_MS = 3_000_000;
/** Few rounds of packets alone, and no proxies: each start of a program takes an emulated machine many seconds. */
const WISHES = [
  ...['--rounds', '2', '--only', 'packets'],
  ...['--contenders', 'nftables', 'ipvs', 'sluice-native', 'sluice-tc'],
];

const report = z.object({
  machine: z.object({ cpu: z.string() }),
  measurements: z.array(
    z.object({
      title: z.string(),
      unit: z.string(),
      results: z.array(
        z.object({
          contender: z.string(),
          median: z.number(),
          ratioTo: z.object({ ipvs: z.number().optional() }),
        }),
      ),
    }),
  ),
});

/**
 * Measures IPVS beside nftables and Sluice. The figures are those of an emulator; what they say of each other, the ratios to
 * IPVS within the rounds, is what is told.
 */
export async function checkBench(): Promise<string> {
  expectThat(await hasIpvs(), 'the kernel has no IPVS, or ipvsadm is missing');
  const argv = [process.execPath, BENCH, ...WISHES, '-o', 'json'];
  const { machine, measurements } = report.parse(JSON.parse(await run(argv, { timeoutMs: TIMEOUT_MS })));
  for (const { title, unit, results } of measurements) {
    const figures = results.map(
      ({ contender, median, ratioTo: { ipvs = 1 } }) =>
        `${contender} ${median.toPrecision(3)} (${ipvs.toFixed(2)}x)`,
    );
    tell({
      type: 'note',
      text: `EMULATED (${machine.cpu}), ${title}, ${unit}, and to IPVS: ${figures.join(', ')}`,
    });
    expectThat(
      results.some(({ contender, median }) => contender === 'ipvs' && median > 0),
      `${title}: IPVS is not among ${figures}`,
    );
  }
  return `${measurements.length} figures`;
}
