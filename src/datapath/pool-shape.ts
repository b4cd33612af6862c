import type { PoolAlgorithm, PoolEntry } from './entries.ts';
import { PoolAlgorithm as Numbers, PoolShape } from './generated/abi.ts';

type Shape = Pick<PoolEntry, 'algorithm' | 'slotCount'>;

const NUMBERS: Readonly<Record<PoolAlgorithm, number>> = {
  'weighted-random': Numbers.weightedRandom,
  'source-hash': Numbers.sourceHash,
  maglev: Numbers.maglev,
  'round-robin': Numbers.roundRobin,
};

/** The number that a pool's algorithm and its count of slots share. */
export function encodeShape({ algorithm, slotCount }: Shape): number {
  return NUMBERS[algorithm] * 2 ** PoolShape.slotBits + slotCount;
}

/** What {@link encodeShape} was given. An algorithm that is not known is weighted random, as it is to the kernel. */
export function decodeShape(shape: number): Shape {
  const number = shape >>> PoolShape.slotBits;
  const known = Object.keys(NUMBERS).filter(isAlgorithm);
  return {
    algorithm: known.find((algorithm) => NUMBERS[algorithm] === number) ?? 'weighted-random',
    slotCount: shape % 2 ** PoolShape.slotBits,
  };
}

function isAlgorithm(name: string): name is PoolAlgorithm {
  return name in NUMBERS;
}
