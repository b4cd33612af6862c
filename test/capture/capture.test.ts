import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertNoLeaks, type KernelSnapshot, snapshotKernel } from '../../lab/index.ts';
import type { CaptureRow, Case, Engine } from '../engines/index.ts';
import { KernelEngine } from '../engines/kernel/index.ts';
import { NativeEngine } from '../engines/native.ts';
import { casesOf } from '../vectors/cases.ts';
import { loadVectorFiles } from '../vectors/load.ts';
import { lacking } from '../vectors/run.ts';
import { WRONG_ON_PURPOSE } from '../vectors/wrong-on-purpose.ts';
import { differences, filterFor, type Look, quietOutcomes } from './beside-oracle.ts';

const BUILD_TIMEOUT_MS = 180_000;
const VECTORS = fileURLToPath(new URL('../vectors', import.meta.url));
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
/** Filters tried on each packet: the kernel takes a millisecond for one. */
const ENGINES = [
  { name: 'this kernel', filters: 1, open: () => KernelEngine.create() },
  { name: 'the native build', filters: 6, open: () => NativeEngine.open() },
] as const;

const vectors = loadVectorFiles(VECTORS, [WRONG_ON_PURPOSE]).flatMap(casesOf);

describe.each(ENGINES.map((each) => [each.name, each] as const))(
  'packets are captured, on %s',
  (_name, kind) => {
    let before: KernelSnapshot;
    let engine: Engine;
    let quiet: readonly Omit<Look, 'row'>[];

    beforeAll(async () => {
      before = await snapshotKernel();
      engine = await kind.open();
      const possible = vectors.filter(({ input }) => lacking(engine.capabilities, input).length === 0);
      quiet = await quietOutcomes(
        engine,
        possible.map((each) => each.case),
      );
    }, BUILD_TIMEOUT_MS);

    afterAll(async () => {
      await engine[Symbol.asyncDispose]();
      await assertNoLeaks(before);
    });

    it('each of them, before and after, with the reason, and nothing changes for any of them', async () => {
      expect(quiet.length).toBeGreaterThan(400);
      const looks = quiet.map((each) => ({ ...each, row: {} }));
      expect(await differences(engine, looks)).toEqual([]);
    });

    it('those that a filter is for, and no others', async () => {
      const looks = quiet.flatMap((each, index): readonly Look[] =>
        fc
          .sample(filterFor(each), { seed: SEED + index, numRuns: kind.filters })
          .map((row) => ({ ...each, row })),
      );
      expect(await differences(engine, looks), `FUZZ_SEED=${SEED}`).toEqual([]);
    });

    it('none once the time of a reader that has died is over', async () => {
      const [one] = quiet;
      expect(await capturedOf(engine, { expired: true }, one?.one)).toEqual([undefined]);
      expect(await capturedOf(engine, {}, one?.one)).not.toEqual([undefined]);
    });
  },
);

async function capturedOf(engine: Engine, row: CaptureRow, one: Case | undefined) {
  if (one === undefined) throw new Error('there is no case');
  const [outcomes = []] = await engine.run([{ ...one, state: { ...one.state, capture: row } }]);
  return outcomes.map(({ captured }) => captured);
}

async function ownersByReason(
  engine: Engine,
  quiet: readonly Omit<Look, 'row'>[],
): Promise<Record<string, string>> {
  const outcomes = await engine.run(
    quiet.map(({ one }) => ({ ...one, state: { ...one.state, capture: {} } })),
  );
  const told = outcomes.flatMap(([outcome]) => (outcome?.captured ? [outcome.captured] : []));
  return Object.fromEntries(
    told.map(({ reason, proxy, target }) => [
      reason,
      proxy === null ? 'nobody' : target === null ? 'proxy' : 'proxy and target',
    ]),
  );
}

describe('who captures much', () => {
  let engine: NativeEngine;
  let one: Case;

  beforeAll(async () => {
    engine = await NativeEngine.open();
    const found = vectors.find(({ case: each }) => each.inputs[0]?.hook === 'tc_ingress');
    if (!found) throw new Error('there is no vector of tc_ingress');
    one = found.case;
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  /** For each of so many packets: told, lost, or left out. */
  async function fates(capture: CaptureRow, count: number, epochsLater: readonly number[] = []) {
    const [input] = one.inputs;
    const inputs = Array.from({ length: count }, (_, index) =>
      Object.assign({}, input, { epochsLater: epochsLater[index] ?? 0 }),
    );
    const [outcomes = []] = await engine.run([{ ...one, inputs, state: { ...one.state, capture } }]);
    return outcomes.map(({ captured, captureLost }) => (captured ? 'told' : captureLost ? 'lost' : '-'));
  }

  it('sees the proxy and the target that they belong to, also where nothing was forwarded', async () => {
    const possible = vectors.map((each) => each.case);
    const owners = await ownersByReason(engine, await quietOutcomes(engine, possible));
    expect(owners).toMatchObject({
      forwarded_new_flow: 'proxy and target',
      forwarded_reply: 'proxy and target',
      forwarded_icmp_error: 'proxy and target',
      dropped_no_target: 'proxy',
      passed_not_ip: 'nobody',
    });
  });

  it('may have one packet in so many', async () => {
    expect(await fates({ oneIn: 3 }, 7)).toEqual(['told', '-', '-', 'told', '-', '-', 'told']);
  });

  it('gets only so many a second, and the rest is counted', async () => {
    expect(await fates({ perEpoch: 2 }, 5, [0, 0, 0, 1, 0])).toEqual([
      'told',
      'told',
      'lost',
      'told',
      'told',
    ]);
  });

  it('has those counted for which the ring has no room', async () => {
    const looked = { ...one, inputs: one.inputs.slice(0, 1), state: { ...one.state, capture: {} } };
    for (let call = 1; call < 40; call += 1) {
      const [outcome] = await engine.runWithFault(looked, { packet: 0, kind: 'refused', call });
      if (outcome?.captureLost) {
        expect(outcome.captured).toBeUndefined();
        return;
      }
    }
    expect.fail('no failing helper made a packet lost');
  });
});
