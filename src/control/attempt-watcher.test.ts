import { describe, expect, it } from 'vitest';
import type { AttemptCounts } from '../datapath/index.ts';
import { type AttemptGrowth, AttemptWatcher } from './attempt-watcher.ts';
import { target } from './desired.fixture.ts';
import { emptyTables, targetKey } from './table-state.ts';

const NONE: AttemptCounts = { answered: 0, established: 0, refused: 0, unanswered: 0 };

/** Counters that a test moves, of targets 10.0.0.1 and 10.0.0.2 with the ids 0 and 2. */
function setUp() {
  const state = emptyTables();
  const add = (id: number, address: string) =>
    state.targets.set(targetKey(0, address, 80), { ...target(address), id, proxyId: 0 });
  state.proxies.set('web', 0);
  add(0, '10.0.0.1');
  add(2, '10.0.0.2');
  const counts: AttemptCounts[] = [NONE, NONE, NONE, NONE];
  let failures = 7n;
  let nowMs = 0;
  let reads = 0;
  const readings: (readonly AttemptGrowth[])[] = [];
  const watcher = new AttemptWatcher({
    datapath: {
      failures: () => failures,
      attempts: async (count) => {
        reads += 1;
        return counts.slice(0, count);
      },
    },
    state,
    clock: { nowMs: () => nowMs },
    onReading: (growth) => readings.push(growth),
  });
  const grow = (id: number, part: Partial<AttemptCounts>) => {
    const { answered = 0, established = 0, refused = 0, unanswered = 0 } = part;
    const was = counts[id] ?? NONE;
    counts[id] = {
      answered: was.answered + answered,
      established: was.established + established,
      refused: was.refused + refused,
      unanswered: was.unanswered + unanswered,
    };
    failures += BigInt(refused + unanswered);
  };
  const pass = async (ms: number) => {
    nowMs += ms;
    await watcher.poll();
  };
  return { watcher, grow, pass, add, readings, reads: () => reads };
}

describe('following attempts to connect', () => {
  it('takes what was counted before as given, and tells differences of the targets that moved', async () => {
    const { watcher, grow, pass, readings } = setUp();
    grow(0, { answered: 100, refused: 50 });
    await watcher.poll();
    grow(2, { answered: 1, established: 1, refused: 2, unanswered: 3 });
    await pass(25);
    expect(readings).toEqual([
      [],
      [{ proxy: 'web', target: '10.0.0.2:80', answered: 1, established: 1, refused: 2, unanswered: 3 }],
    ]);
  });

  it('reads all counters only when one has failed, or twice a second', async () => {
    const { watcher, grow, pass, reads } = setUp();
    await watcher.poll();
    grow(0, { answered: 5 });
    for (let poll = 0; poll < 19; poll++) await pass(25);
    expect(reads()).toBe(1);
    await pass(25);
    expect(reads()).toBe(2);
    grow(0, { refused: 1 });
    await pass(25);
    expect(reads()).toBe(3);
  });

  it('takes the first reading of a target that came later as given, too', async () => {
    const { watcher, grow, pass, add, readings } = setUp();
    await watcher.poll();
    grow(3, { refused: 9 });
    add(3, '10.0.0.3');
    await pass(25);
    grow(3, { refused: 1 });
    await pass(25);
    expect(readings).toEqual([[], [], [expect.objectContaining({ target: '10.0.0.3:80', refused: 1 })]]);
  });
});
