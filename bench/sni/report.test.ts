import { describe, expect, it } from 'vitest';
import type { NameSample } from './measure.ts';
import { formatRows, rowsOf } from './report.ts';

const SAMPLE: NameSample = {
  handshakesPerSecond: 100,
  handshakeCpuUs: 400,
  p50Ms: 1,
  p99Ms: 2,
  megabytesPerSecond: 500,
  gigabyteCpuMs: 1000,
  seesClient: true,
};

describe('the comparison of routing by name', () => {
  const rows = rowsOf([
    { name: 'plain', samples: [SAMPLE, { ...SAMPLE, handshakeCpuUs: 500 }, SAMPLE] },
    {
      name: 'haproxy',
      samples: [450, 750, 650].map((handshakeCpuUs) => ({ ...SAMPLE, handshakeCpuUs, seesClient: false })),
    },
  ]);

  it('takes what a balancer adds round by round, and the median of that', () => {
    expect(rows[1]).toMatchObject({ addedUs: 250, handshakesRatio: 1, seesClient: false });
  });

  it('says how many handshakes a second of that CPU time gives', () => {
    const [, plain, haproxy] = formatRows(rows).split('\n');
    expect(plain).toMatch(/^no balancer +100 +1\.00x +1\.000 +2\.000 +- +- +500 +1\.00x +- +yes$/);
    expect(haproxy).toMatch(/^HAProxy, req\.ssl_sni +100 +1\.00x +1\.000 +2\.000 +250 +4000 +500 .* no$/);
  });

  it('calls noise what is less than nothing', () => {
    const noise = rowsOf([
      { name: 'plain', samples: [SAMPLE] },
      { name: 'sluice-tc', samples: [{ ...SAMPLE, handshakeCpuUs: 399 }] },
    ]);
    expect(formatRows(noise)).toMatch(/^Sluice, TC .* -1 +noise /m);
  });
});
