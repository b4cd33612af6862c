import { describe, expect, it } from 'vitest';
import { shareOut } from './answer.ts';
import { addressesInHosts } from './hosts-file.ts';
import { nextRefreshMs, nextRetryMs } from './schedule.ts';

describe('addressesInHosts', () => {
  const text =
    '127.0.0.1 localhost\n# 10.0.0.9 web\n10.0.0.1\tWeb web.test # 10.0.0.8 web\nfd00::1 web\nnonsense web\n';

  it('finds every address of a name, in any case, past comments', () => {
    expect(addressesInHosts(text, 'WEB')).toEqual(['10.0.0.1', 'fd00::1']);
    expect(addressesInHosts(text, 'web.test')).toEqual(['10.0.0.1']);
    expect(addressesInHosts(text, 'eb')).toEqual([]);
  });
});

describe('shareOut', () => {
  it('counts an address once, with all that it was given', () => {
    const doubled = [
      { address: '10.0.0.2', weight: 1 },
      { address: '10.0.0.1', weight: 1 },
      { address: '10.0.0.2', weight: 2 },
    ];
    expect(shareOut(doubled)).toEqual([
      { address: '10.0.0.1', share: 0.25 },
      { address: '10.0.0.2', share: 0.75 },
    ]);
  });
});

describe('the schedule', () => {
  it('spreads names with one interval over its last tenth', () => {
    expect([0, 0.5, 1].map((random) => nextRefreshMs(30, null, random))).toEqual([30_000, 28_500, 27_000]);
  });

  it('tries again after 1, 2, 4 ... seconds, but never later than the interval', () => {
    expect([1, 2, 3, 4, 9, 1000].map((failures) => nextRetryMs(5, failures, 0))).toEqual([
      1_000, 2_000, 4_000, 5_000, 5_000, 5_000,
    ]);
  });
});
