import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ethernetFrame, ipPacket, PROTOCOL, tcpSegment } from '../../../lab/packet/index.ts';
import type { HeldRow, SlotRow } from '../model/held.ts';
import type { Outcome, State } from '../model.ts';
import { NativeEngine, type SweepOutcome } from '../native.ts';
import { START_NS } from './case-message.ts';
import { EMPTY_STATE, OPTIONS } from './sample.fixture.ts';

const EPOCH_NS = 1n << 30n;
const SYN_TIMEOUT_NS = 10n * EPOCH_NS;
/** How long a client may still hear that its time was up. */
const GRAVE_NS = 64n * EPOCH_NS;
const NEVER_NS = 1n << 60n;
const CLIENT = { source: '192.0.2.7', sourcePort: 40_000, destination: '10.1.0.1', destinationPort: 443 };
const SLOT: SlotRow = { turn: 7, state: 'collect', busy: false };
const FREE: SlotRow = { turn: 8, state: 'free', busy: false };

describe('the sweep over connections whose bytes are held', () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await NativeEngine.open();
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  function held(ageNs: bigint, more: Partial<HeldRow> = {}): HeldRow {
    return { client: CLIENT, slot: 3, turn: 7, ageNs, ...more };
  }

  function sweep(tables: Pick<State, 'held' | 'slots'>): Promise<SweepOutcome> {
    return engine.sweep({
      name: 'sweep',
      options: OPTIONS,
      state: { ...EMPTY_STATE, ...tables },
      timeoutsNs: { syn: SYN_TIMEOUT_NS, established: NEVER_NS, closing: NEVER_NS, udp: NEVER_NS },
      answers: { timeoutNs: NEVER_NS, lastNs: START_NS - EPOCH_NS },
    });
  }

  /** What becomes of a client's next bytes. */
  async function nextBytes({ held, slots }: SweepOutcome): Promise<Outcome | undefined> {
    const { destination: address, destinationPort: port } = CLIENT;
    const segment = tcpSegment({ ...CLIENT, flags: 'PA', sequence: 1001, payload: Buffer.from('more') });
    const packet = ipPacket({ ...CLIENT, protocol: PROTOCOL.tcp }, segment);
    const frame = ethernetFrame({ source: '02:00:00:00:01:02', destination: '02:00:00:00:01:01' }, packet);
    const state: State = {
      ...EMPTY_STATE,
      held,
      slots,
      pools: [[]],
      listeners: [{ address, port, protocol: 'tcp', proxy: 0, pool: 0, sniRoutes: true }],
    };
    const inputs = [{ hook: 'tc_ingress', ifindex: 10, frame }] as const;
    const [outcomes] = await engine.run([{ name: 'next bytes', options: OPTIONS, state, inputs }]);
    return outcomes?.[0];
  }

  it.each(['collect', 'syn', 'replay'] as const)(
    'leaves one in state %s alone until its time is up, and then lets its buffer go',
    async (state) => {
      const slots = { 3: { ...SLOT, state } };
      expect(await sweep({ held: [held(SYN_TIMEOUT_NS)], slots })).toMatchObject({
        held: [held(SYN_TIMEOUT_NS)],
        slots,
      });
      expect((await sweep({ held: [held(SYN_TIMEOUT_NS + 1n)], slots })).slots).toEqual({ 3: FREE });
    },
  );

  it('remembers it for a while, so that its client gets a RST with the next bytes, and is told no more', async () => {
    const swept = await sweep({ held: [held(SYN_TIMEOUT_NS + GRAVE_NS)], slots: { 3: SLOT } });
    expect(swept.held).toEqual([held(SYN_TIMEOUT_NS + GRAVE_NS)]);
    expect(await nextBytes(swept)).toMatchObject({ verdict: 'redirect', reasons: { forwarded_reset: 1 } });
    const later = await sweep({ slots: swept.slots, held: [held(SYN_TIMEOUT_NS + GRAVE_NS + 1n)] });
    expect(later).toMatchObject({ held: [], slots: { 3: FREE } });
    expect(await nextBytes(later)).toMatchObject({ verdict: 'pass', reasons: { passed_no_flow: 1 } });
  });

  it.each<[string, Partial<SlotRow>]>([
    ['that another connection has by now', { turn: 8 }],
    ['to which a packet is being added', { busy: true }],
    ['that was let go before', { state: 'free' }],
  ])('does not let a buffer go %s', async (_, change) => {
    const slots = { 3: { ...SLOT, ...change } };
    expect((await sweep({ held: [held(SYN_TIMEOUT_NS + 1n)], slots })).slots).toEqual(slots);
  });

  it('lets only those go whose time is up, in the first slot and in the last', async () => {
    const rows = [0, 1, 2046, 2047].map((slot) =>
      held(slot % 2 === 0 ? SYN_TIMEOUT_NS : SYN_TIMEOUT_NS + 1n, {
        slot,
        client: { ...CLIENT, sourcePort: 1024 + slot },
      }),
    );
    const swept = await sweep({ held: rows, slots: { 0: SLOT, 1: SLOT, 2046: SLOT, 2047: SLOT } });
    expect(swept.slots).toEqual({ 0: SLOT, 1: FREE, 2046: SLOT, 2047: FREE });
  });

  it('does no harm to one that began after the sweep did', async () => {
    const tables = { held: [held(-EPOCH_NS)], slots: { 3: SLOT } };
    expect(await sweep(tables)).toMatchObject(tables);
  });

  it('gives the turn after the highest number to nobody who had the first', async () => {
    const last = 2 ** 32 - 1;
    const swept = await sweep({
      held: [held(SYN_TIMEOUT_NS + 1n, { turn: last })],
      slots: { 3: { ...SLOT, turn: last } },
    });
    // Free and at turn 0, it is as one that was never used.
    expect(swept.slots).toEqual({});
  });
});
