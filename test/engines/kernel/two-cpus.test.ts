import { availableParallelism } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { objectPath } from '../../../src/datapath/index.ts';
import { type Meeting, meetOnTwoCpus, RUNS } from './two-cpus.ts';

describe.skipIf(availableParallelism() < 2)(
  'two CPUs with packets of one connection whose bytes are held',
  () => {
    let meeting: Meeting;
    beforeAll(async () => {
      meeting = await meetOnTwoCpus(objectPath());
    });

    it('never add to them both at once: who comes second is dropped, and counted', () => {
      const { dropped_busy: dropped = 0, forwarded_held: kept = 0, ...others } = meeting.met;
      expect(dropped).toBeGreaterThan(0);
      expect(dropped + kept).toBe(2 * RUNS);
      expect(others).toEqual({});
    });

    it('leave them to the next packet', () => {
      expect(meeting.after).toEqual({ forwarded_held: RUNS });
    });
  },
);
