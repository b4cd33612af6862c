import { describe, expect, it } from 'vitest';
import type { Engine, Outcome } from '../../engines/index.ts';
import { createOracle } from '../oracle.ts';
import { fuzz } from './fuzz.ts';

const PACKETS = 3_000;
const SEED = 4;

/** An engine that is right but for one lie. */
function liar(lie: (outcome: Outcome) => Outcome): Engine {
  const oracle = createOracle();
  return {
    ...oracle,
    name: 'a liar',
    run: async (cases) => (await oracle.run(cases)).map((outcomes) => outcomes.map(lie)),
  };
}

function spoiled(frame: Uint8Array, offset: number): Uint8Array {
  return frame.map((byte, at) => (at === offset ? byte ^ 1 : byte));
}

const LIES: readonly (readonly [string, (outcome: Outcome) => Outcome, RegExp])[] = [
  [
    'verdict',
    (it) => (it.verdict === 'drop' ? { ...it, verdict: 'pass' } : it),
    /verdict: expected drop, got pass/,
  ],
  [
    'abort',
    (it) => (it.reasons.passed_martian ? { ...it, verdict: 'aborted' } : it),
    /a program never aborts/,
  ],
  [
    'forwarded frames',
    (it) => (it.reasons.forwarded_reply ? { ...it, frame: spoiled(it.frame, 22) } : it),
    /(ip\.ttl|ip\.source): expected/,
  ],
  [
    'passed frames',
    (it) => (it.reasons.passed_no_flow ? { ...it, frame: spoiled(it.frame, 0) } : it),
    /a packet that is passed is not touched/,
  ],
  [
    'length of frames',
    (it) => (it.verdict === 'redirect' ? { ...it, frame: Uint8Array.from([...it.frame, 0]) } : it),
    /a packet keeps its length/,
  ],
  [
    'interface',
    (it) => (it.redirect ? { ...it, redirect: { ...it.redirect, ifindex: 13 } } : it),
    /redirect: expected 1[0-2] (true|false), got 13/,
  ],
  [
    'neighbour',
    (it) => (it.redirect ? { ...it, redirect: { ...it.redirect, resolve: false } } : it),
    /redirect: expected \d+ true, got \d+ false/,
  ],
  [
    'reason',
    (it) => (it.reasons.passed_vlan ? { ...it, reasons: { passed_not_ip: 1 } } : it),
    /reasons\.passed_vlan: expected 1, got none/,
  ],
  [
    'number of reasons',
    (it) => ({ ...it, reasons: { ...it.reasons, passed_vlan: 1 } }),
    /exactly one reason/,
  ],
  ['counters', (it) => ({ ...it, targets: {} }), /targets\[\d+\].* got none/],
  ['rows of flows', (it) => ({ ...it, flows: it.flows.slice(1) }), /flows\[.*\]\.out: expected .* got none/],
  [
    'fields of flows',
    (it) => ({ ...it, pending: it.pending.map((row) => ({ ...row, isn: 7 })) }),
    /pending\[.*\]\.isn: expected/,
  ],
  ['fragments', (it) => ({ ...it, fragments: [] }), /fragments\[.*\] got none|fragments\[.*got none/],
];

describe('an engine that is wrong', () => {
  it.each(LIES)('in the %s is found, with a small case that shows it', async (_, lie, words) => {
    const { failure = 'nothing was found' } = await fuzz(liar(lie), { seed: SEED, packets: PACKETS });
    expect(failure).toMatch(words);
    // What is left of up to 24 packets: the one that differs, and at most one that has to come before it.
    expect(failure).toMatch(/^a liar and the oracle part at packet [01] \(seed \d+\)/);
    expect(failure.match(/^(the packet|before it):/gm)?.length).toBeLessThanOrEqual(2);
  });

  it('is found again from the seed that is told, in the first batch', async () => {
    const wrong = liar((it) => (it.reasons.forwarded_too_big ? { ...it, verdict: 'pass' } : it));
    const { failure = '' } = await fuzz(wrong, { seed: SEED, packets: PACKETS });
    const seed = Number(/\(seed (\d+)\)/.exec(failure)?.[1]);
    const again = await fuzz(wrong, { seed, packets: 1 });
    expect(again.failure).toBe(failure);
  });
});

it('one that is right is not suspected', async () => {
  const { failure, packets, tally } = await fuzz(createOracle(), { seed: SEED, packets: PACKETS });
  expect(failure).toBeUndefined();
  expect(packets).toBeGreaterThanOrEqual(PACKETS);
  expect([...tally.values()].reduce((sum, count) => sum + count, 0)).toBe(packets);
});
