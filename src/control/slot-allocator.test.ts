import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SLOTS_PER_BLOCK } from '../datapath/index.ts';
import { SlotAllocator, type SlotRange } from './slot-allocator.ts';

const BLOCKS = 32;
const SLOTS = BLOCKS * SLOTS_PER_BLOCK;

describe('SlotAllocator', () => {
  it('hands out ranges of whole blocks that never overlap, and takes them back', () => {
    const steps = fc.array(
      fc.oneof(fc.record({ take: fc.integer({ min: 0, max: 100 }) }), fc.record({ free: fc.nat() })),
    );
    fc.assert(
      fc.property(steps, (list) => {
        const slots = new SlotAllocator(SLOTS, []);
        const held: SlotRange[] = [];
        for (const step of list) {
          if ('take' in step) {
            if (fits(held, step.take)) held.push(slots.take(step.take));
            else expect(() => slots.take(step.take)).toThrow('the slots table is full');
          } else if (held.length > 0) {
            for (const range of held.splice(step.free % held.length, 1)) slots.free(range);
          }
          expectDisjoint(held);
        }
      }),
    );
  });

  it('does not give out again at once what was just freed', () => {
    const slots = new SlotAllocator(SLOTS, []);
    const first = slots.take(10);
    slots.free(first);
    expect(slots.take(10).slotBase).not.toBe(first.slotBase);
  });

  it('goes round for ever', () => {
    const slots = new SlotAllocator(SLOTS, []);
    let current = slots.take(SLOTS / 2 - SLOTS_PER_BLOCK);
    for (let round = 0; round < 100; round++) {
      const next = slots.take(current.slotCount);
      slots.free(current);
      current = next;
    }
  });

  it('leaves alone what was taken before its time', () => {
    const slots = new SlotAllocator(SLOTS, [{ slotBase: 0, slotCount: SLOTS - SLOTS_PER_BLOCK }]);
    expect(slots.take(SLOTS_PER_BLOCK)).toEqual({
      slotBase: SLOTS - SLOTS_PER_BLOCK,
      slotCount: SLOTS_PER_BLOCK,
    });
    expect(() => slots.take(1)).toThrow('no room for a pool of 1 slots');
  });

  it('gives an empty pool nothing, also when nothing is left', () => {
    const slots = new SlotAllocator(SLOTS, [{ slotBase: 0, slotCount: SLOTS }]);
    expect(slots.take(0)).toEqual({ slotBase: 0, slotCount: 0 });
  });
});

function blocks({ slotBase, slotCount }: SlotRange): number[] {
  const count = Math.ceil(slotCount / SLOTS_PER_BLOCK);
  return Array.from({ length: count }, (_, index) => slotBase / SLOTS_PER_BLOCK + index);
}

function expectDisjoint(held: readonly SlotRange[]): void {
  const used = held.flatMap(blocks);
  expect(new Set(used).size).toBe(used.length);
  expect(used.every((block) => Number.isInteger(block) && block >= 0 && block < BLOCKS)).toBe(true);
}

/** Whether a run of free blocks is long enough. */
function fits(held: readonly SlotRange[], slotCount: number): boolean {
  const used = new Set(held.flatMap(blocks));
  const map = Array.from({ length: BLOCKS }, (_, block) => (used.has(block) ? 'x' : '.')).join('');
  return map.includes('.'.repeat(Math.ceil(slotCount / SLOTS_PER_BLOCK)));
}
