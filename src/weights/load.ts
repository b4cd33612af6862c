/** No target is held back more than this: one that has just come must not get everything. */
const LEAST = 0.1;
/** A factor stays as it is until it is so much off, up or down: noise of few connections changes nothing. */
const STEP = 1.2;
/** Targets are compared with so great a part of the pool, the least loaded: in a large pool a single one means little. */
const LEAST_LOADED_PART = 1 / 16;

/** A target of a pool by least connections. */
export interface LoadedTarget {
  /** Connections that are open now. */
  readonly open: number;
  /** How many it may have, relative to the others. */
  readonly size: number;
  /** Whether it gets connections at all: only these are compared. */
  readonly inService: boolean;
}

/** What is remembered of a target's load. */
export interface Load {
  /** What counts now: from 0.1 to 1. */
  readonly factor: number;
  /** Where it is going; the factor follows in steps. */
  readonly smooth: number;
  /** How many open connections would be its share of all that are open. */
  readonly fair: number;
}

/** A target of which nothing is known. */
const UNKNOWN: Load = { factor: 1, smooth: 1, fair: 0 };

/**
 * The loads of a pool after another count. A target's load is its open connections for its size, and one for every
 * target of average size, so that a pool with hardly any connection goes by weight. Its goal is the load of the least
 * loaded targets divided by its own, at least 0.1: twice the connections, half the share.
 *
 * The factor goes half of the way to the goal (on a scale of ratios) with each count. Going all of it at once would
 * flip: who has least gets most, and has most at the next count. Where connections end within an interval the count
 * is what the last weights made, so that the goal is their inverse, and half of the way is just where all are equal.
 */
export function nextLoads(
  targets: readonly LoadedTarget[],
  earlier: readonly (Load | undefined)[],
): readonly Load[] {
  const served = targets.some(({ inService }) => inService) ? targets.filter((t) => t.inService) : targets;
  const size = sum(served, (target) => target.size) / served.length;
  const open = sum(served, (target) => target.open) / served.length;
  const loadOf = (target: LoadedTarget) => target.open / (target.size / size) + 1;
  const least = leastOf(served.map(loadOf));
  return targets.map((target, index) => {
    const goal = Math.min(1, Math.max(LEAST, least / loadOf(target)));
    const { factor, smooth: before } = earlier[index] ?? UNKNOWN;
    const smooth = Math.sqrt(before * goal);
    const isOff = Math.max(smooth / factor, factor / smooth) >= STEP;
    return { factor: isOff ? round(smooth) : factor, smooth, fair: open * (target.size / size) };
  });
}

/** The mean load of the least loaded targets; in a pool of up to 16 that is one. */
function leastOf(loads: readonly number[]): number {
  const count = Math.ceil(loads.length * LEAST_LOADED_PART);
  const lowest = loads.toSorted((a, b) => a - b).slice(0, count);
  return sum(lowest, (load) => load) / count;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
