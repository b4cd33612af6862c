import { epochOf } from '../rows/index.ts';

const EPOCH_NS = 1n << 30n;
const MS = 1_000_000n;
/** A case that begins must be through before the epoch ends. */
const NEEDED_NS = 50n * MS;
/** The programs' clock is coarse: it lags by up to a tick, 10 ms at 100 Hz. */
const LAG_NS = 15n * MS;

/** CLOCK_MONOTONIC, the programs' clock. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

/** Milliseconds to wait until an epoch has begun that will last for a case; 0: none. */
export function msUntilRoom(nowNs: bigint): number {
  const passed = nowNs % EPOCH_NS;
  if (passed < LAG_NS) return Number((LAG_NS - passed) / MS) + 1;
  return EPOCH_NS - passed < NEEDED_NS ? Number((EPOCH_NS - passed + LAG_NS) / MS) + 1 : 0;
}

/** Whether two times lie in one epoch. */
export function isSameEpoch(a: bigint, b: bigint): boolean {
  return epochOf(a) === epochOf(b);
}
