import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REASON_NAMES } from '../../../src/datapath/generated/abi.ts';
import { KernelEngine } from '../../engines/kernel/index.ts';
import { NativeEngine } from '../../engines/native.ts';
import { fuzz } from './fuzz.ts';
import { FIXED_SEED, freshSeed } from './seed.ts';

const FIXED_PACKETS = 60_000;
const FRESH_PACKETS = 40_000;
const KERNEL_PACKETS = 2_000;
/** Machines are shared. */
const TIMEOUT_MS = 600_000;

/** What no packet can bring about: tables are never full here, and no helper fails. */
const IMPOSSIBLE = ['none', 'dropped_table_full', 'dropped_rewrite_failed'];

/** What needs held bytes, which these states have none of: test/oracle/late and late-binding.yaml count it. */
const OF_CONVERSATIONS = [
  'forwarded_cookie',
  'forwarded_held',
  'forwarded_replayed',
  'forwarded_reset',
  'dropped_nothing_held',
  'dropped_out_of_room',
  'dropped_busy',
];

const seed = freshSeed(process.env);

describe('made-up cases, on the native build', () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await NativeEngine.open();
  }, 180_000);
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  it(
    `come out as the oracle says, from seed ${FIXED_SEED}, and for every reason there is`,
    async () => {
      const { failure, tally } = await fuzz(engine, { seed: FIXED_SEED, packets: FIXED_PACKETS });
      expect(failure).toBeUndefined();
      const counted = new Set([...tally.keys()].map((key) => key.split(' ')[1]));
      const expected = Object.values(REASON_NAMES).filter(
        (name) => ![...IMPOSSIBLE, ...OF_CONVERSATIONS].includes(name),
      );
      expect([...counted].sort()).toEqual(expected.sort());
    },
    TIMEOUT_MS,
  );

  it(
    `come out as the oracle says, from seed ${seed} (again: FUZZ_SEED=${seed})`,
    async () => {
      console.log(`fuzz: FUZZ_SEED=${seed}`);
      const { failure } = await fuzz(engine, { seed, packets: FRESH_PACKETS });
      expect(failure).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});

describe('made-up cases, on this kernel', () => {
  it(
    `come out as the oracle says, from seed ${seed} (again: FUZZ_SEED=${seed})`,
    async () => {
      await using engine = await KernelEngine.create();
      const { failure } = await fuzz(engine, { seed, packets: KERNEL_PACKETS });
      expect(failure).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});
