import { expect, it } from 'vitest';
import { sampleLatencies } from '../../report/sample-reports.fixture.ts';
import { formatLatencies } from './latencies.ts';
import { styleFor } from './style.ts';

const style = styleFor({ write: () => {}, isTTY: false }, {});

it('shows the targets that have answered, in units that fit', () => {
  const lines = formatLatencies(sampleLatencies, style).split('\n');
  expect(lines.map((line) => line.trim().replace(/\s{2,}/g, ' | '))).toEqual([
    'SYN to SYN-ACK, last 60 s',
    'PROXY | TARGET | ANSWERED | MEAN | P50 | P95 | P99',
    'web | 10.0.0.1:8080 | 1,200 | 420 us | 310 us | 1.25 ms | 1 s',
    '',
  ]);
});

it('says nothing when nobody has answered', () => {
  expect(formatLatencies({ windowSeconds: 60, targets: sampleLatencies.targets.slice(1) }, style)).toBe('');
});
