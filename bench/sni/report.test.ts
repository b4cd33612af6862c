import { describe, expect, it } from 'vitest';
import { styleFor } from '../../src/cli/index.ts';
import type { NameSample } from './measure.ts';
import { formatRows, rowsOf } from './report.ts';

const SAMPLE: NameSample = {
  handshakesPerSecond: 100,
  p50Ms: 1,
  p99Ms: 2,
  connectionsPerSecond: 9000,
  connectionCpuUs: 400,
  connectionProgramsUs: 0,
  connectionOwnUs: 0,
  megabytesPerSecond: 500,
  gigabyteCpuMs: 1000,
  gigabyteProgramsMs: 0,
  gigabyteOwnMs: 0,
  seesClient: true,
};
const plain = styleFor({ isTTY: false, write: () => undefined }, {});

describe('the comparison of routing by name', () => {
  const rows = rowsOf([
    { name: 'plain', samples: [SAMPLE, { ...SAMPLE, connectionCpuUs: 500 }, SAMPLE] },
    {
      name: 'haproxy',
      samples: [450, 750, 650].map((connectionCpuUs) => ({
        ...SAMPLE,
        connectionCpuUs,
        connectionOwnUs: 200,
        gigabyteOwnMs: 321,
        seesClient: false,
      })),
    },
  ]);

  it('takes what a balancer adds round by round, and the median of that', () => {
    expect(rows[1]).toMatchObject({ addedUs: 250, handshakesRatio: 1, seesClient: false });
  });

  it('says how many ClientHellos a second of that CPU time gives', () => {
    const text = formatRows(rows, plain);
    expect(text).toMatch(/^no balancer +9000 +400\.0 +- +- +- +- +-$/m);
    expect(text).toMatch(/^HAProxy, req\.ssl_sni +9000 +650\.0 +250\.0 +4000 +- +200\.0 +5000$/m);
    expect(text).toMatch(/^HAProxy, req\.ssl_sni +500 +1\.00x +1000 +0\.0 +- +321\.0$/m);
    expect(text).toMatch(/^HAProxy, req\.ssl_sni .* lost$/m);
  });

  it('calls noise what is less than nothing, and tells what was spent in programs', () => {
    const noise = rowsOf([
      { name: 'plain', samples: [SAMPLE] },
      {
        name: 'sluice-tc',
        samples: [{ ...SAMPLE, connectionCpuUs: 399, connectionProgramsUs: 5.25, connectionOwnUs: 6.25 }],
      },
    ]);
    expect(formatRows(noise, plain)).toMatch(
      /^Sluice, TC +9000 +399\.0 +-1\.0 +noise +5\.\d +6\.\d +160000$/m,
    );
  });
});
