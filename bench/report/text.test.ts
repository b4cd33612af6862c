import { describe, expect, it } from 'vitest';
import { styleFor } from '../../src/cli/index.ts';
import { sampleReport } from './sample-report.fixture.ts';
import { formatReport } from './text.ts';

const plain = styleFor({ write: () => undefined, isTTY: false }, {});
const colourful = styleFor({ write: () => undefined, isTTY: true }, {});

describe('formatReport', () => {
  const text = formatReport(sampleReport(), plain);

  it('begins with the machine and the effort', () => {
    expect(text.split('\n').slice(0, 2)).toEqual([
      '2 x Some CPU, Linux 6.1, Node v20.19.0; load before: 0.5',
      '2030-01-02T03:04:05.000Z, 2 rounds (cost: 20), took 1m 1s',
    ]);
  });

  it('puts the contenders side by side, with their ratios', () => {
    const at = text.indexOf('connections a second');
    expect(text.slice(at).split('\n').slice(1, 6)).toEqual([
      'CONTENDER           MEDIAN    MIN    MAX  / PLAIN  / NFTABLES  / IPVS  / HAPROXY',
      'plain routing        1,000  1,000  1,000        -       0.50x   0.33x      0.25x',
      'nftables DNAT        2,000  2,000  2,000    2.00x           -   0.67x      0.50x',
      'IPVS (NAT)           3,000  3,000  3,000    3.00x       1.50x       -      0.75x',
      'HAProxy (TCP)        4,000  4,000  4,000    4.00x       2.00x   1.33x          -',
    ]);
  });

  it('leaves proxies out where packets are counted', () => {
    const packets = text.slice(text.indexOf('packets a second'), text.indexOf('connections a second'));
    expect(packets).not.toMatch(/haproxy|nginx/i);
  });

  it('shows the cost of a packet for one flow and for many', () => {
    expect(text).toMatch(/^PACKET +1 FLOW {2}\/ BARE {2}100,000 FLOWS {2}\/ BARE$/m);
    expect(text).toMatch(/^Sluice XDP: established +30 {3}3\.00x {13}30 {3}3\.00x$/m);
    expect(text).toMatch(/^Sluice XDP: established, bound late +40 {3}4\.00x {13}40 {3}4\.00x$/m);
  });

  it('ends with the aims', () => {
    expect(text.trimEnd().split('\n').at(-1)).toMatch(
      /^the same of a connection bound late +<= 3\.00x +4\.00x +missed$/,
    );
  });

  it('has colours on a terminal only', () => {
    expect(text).not.toContain('\x1b');
    expect(formatReport(sampleReport(), colourful)).toContain('\x1b');
  });

  it('leaves out what was not run', () => {
    const empty = formatReport({ ...sampleReport(), measurements: [], cost: [], aims: [] }, plain);
    expect(empty.trimEnd().split('\n')).toHaveLength(2);
  });
});
