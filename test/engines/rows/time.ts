/** Times are told in epochs of 2^30 ns, as the programs count them. */
const EPOCH_SHIFT = 30n;

/** The epoch of a time on the programs' clock. */
export function epochOf(timeNs: bigint): number {
  return Number(timeNs >> EPOCH_SHIFT);
}

/** The time of so many whole epochs before `nowNs`; before the clock began it wraps round, as the programs' sums do. */
export function epochsBefore(nowNs: bigint, epochs: number): bigint {
  return BigInt.asUintN(64, nowNs - (BigInt(epochs) << EPOCH_SHIFT));
}

/** In how many epochs before that of `nowNs` a time lies. */
export function epochsAgo(nowNs: bigint, timeNs: bigint): number {
  return epochOf(nowNs) - epochOf(BigInt.asIntN(64, timeNs));
}
