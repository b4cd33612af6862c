import fc from 'fast-check';
import { expect, it } from 'vitest';
import { snatPorts } from './snat-ports.ts';

it.each([
  // Linux by default.
  [
    { first: 32_768, last: 60_999 },
    { first: 1024, count: 31_744 },
  ],
  [
    { first: 10_000, last: 20_000 },
    { first: 20_001, count: 45_535 },
  ],
  // The host uses everything: then ports are shared.
  [
    { first: 1024, last: 65_535 },
    { first: 1024, count: 64_512 },
  ],
  [
    { first: 1, last: 65_535 },
    { first: 1024, count: 64_512 },
  ],
])('gives to a host that uses %j itself the ports %j', (local, ports) => {
  expect(snatPorts(local)).toEqual(ports);
});

it('never gives a port that does not exist, that is privileged, or that the host uses while others are free', () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(port, port, (a, b) => {
      const local = { first: Math.min(a, b), last: Math.max(a, b) };
      const { first, count } = snatPorts(local);
      const last = first + count - 1;
      expect(count).toBeGreaterThan(0);
      expect(first).toBeGreaterThanOrEqual(1024);
      expect(last).toBeLessThanOrEqual(65_535);
      const sharesAll = local.first <= 1024 && local.last === 65_535;
      if (!sharesAll) expect(last < local.first || first > local.last).toBe(true);
    }),
  );
});
