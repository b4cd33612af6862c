import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../engines/index.ts';
import { KernelEngine } from '../../../engines/kernel/index.ts';
import { NativeEngine } from '../../../engines/native.ts';
import { createOracle } from '../../oracle.ts';
import { anyPlan } from './plans.ts';
import { type Plan, play } from './play.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
/** Bytes; every client and target of the kernel's connections takes that much in one segment. */
const SHORTEST_MSS = 1200;
const ENGINES = {
  oracle: { open: async (): Promise<Engine> => createOracle(), plans: 8, fates: 40 },
  native: { open: (): Promise<Engine> => NativeEngine.open(), plans: 40, fates: 40 },
  kernel: { open: (): Promise<Engine> => KernelEngine.create(), plans: 2, fates: 6 },
} as const;

describe.each(['oracle', 'native', 'kernel'] as const)('by the %s engine', (kind) => {
  it('a stream that is cut, lost, doubled and shuffled arrives whole at exactly one target', async () => {
    const { open, plans, fates } = ENGINES[kind];
    await using engine = await open();
    const fits = (plan: Plan) => kind !== 'kernel' || isOneSegment(plan);
    const drawn = fc.sample(anyPlan(fates).filter(fits), { seed: SEED, numRuns: plans });
    expect(drawn).toHaveLength(plans);
    await play(engine, drawn, `FUZZ_SEED=${SEED}`);
  });
});

/** The kernel's test run does not hand over the copies in which a ClientHello of several segments, or behind a header, goes on. */
function isOneSegment({ setting, expected }: Plan): boolean {
  const hasHeaderBefore = setting.named && setting.headers[expected];
  return !hasHeaderBefore && setting.stream.length <= Math.min(setting.offer.mss, SHORTEST_MSS);
}
