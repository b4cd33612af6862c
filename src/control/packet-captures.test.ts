import { describe, expect, it } from 'vitest';
import type { CaptureLine } from '../capture/index.ts';
import type { CapturedRecord } from '../datapath/index.ts';
import { PacketCaptures } from './packet-captures.ts';
import { PacketNames } from './packet-names.ts';
import type { CaptureSource } from './running-capture.ts';
import { emptyTables } from './table-state.ts';

type Told = (record: CapturedRecord) => void;

/** Stands in for the kernel: notes what is asked of it, and tells what the test says. */
class FakeCaptures implements CaptureSource {
  readonly asked: string[] = [];
  sessions: number[] = [];
  tell: Told = () => {};
  onStart: () => void = () => {};

  start({ session }: Parameters<CaptureSource['start']>[0]): void {
    this.onStart();
    this.sessions.push(session);
    this.asked.push('start');
  }

  renew(): void {
    this.asked.push('renew');
  }

  stop(): void {
    this.asked.push('stop');
  }

  read(listener: Told): Disposable {
    this.tell = listener;
    return { [Symbol.dispose]: () => this.asked.push('close') };
  }

  counters() {
    return { matched: 0, lost: 0 };
  }
}

const NEVER = new AbortController().signal;

function setUp() {
  const kernel = new FakeCaptures();
  const state = emptyTables();
  state.proxies.set('web', 3);
  state.targets.set('a', {
    id: 4,
    proxyId: 3,
    address: '10.0.0.1',
    port: 80,
    local: false,
    snatAddress: null,
    intervalNs: 0,
    toleranceNs: 0,
    proxyHeader: false,
  });
  const interfaces = [{ name: 'eth0', index: 2, role: 'listen', mode: 'tc' } as const];
  const names = new PacketNames({ state, interfaceReports: () => interfaces });
  return { kernel, captures: new PacketCaptures(kernel, names, NEVER) };
}

const frame = { length: 4, bytes: Buffer.from('abcd') };

function record(session: number): CapturedRecord {
  return {
    ...{ session, timeNs: 0n, hook: 'tc_ingress', outcome: 'dropped', reason: 'no_target', verdict: 2 },
    ...{ ifindex: 2, proxyId: 3, targetId: 4, before: frame, after: frame },
  };
}

async function all(lines: AsyncIterable<CaptureLine>): Promise<readonly CaptureLine[]> {
  const got: CaptureLine[] = [];
  for await (const line of lines) got.push(line);
  return got;
}

describe('captures', () => {
  it('end what a daemon that died has left', () => {
    expect(setUp().kernel.asked).toEqual(['stop']);
  });

  it('tell packets with names, and end after as many as were wanted', async () => {
    const { kernel, captures } = setUp();
    const lines = captures.start({ count: 2 }, NEVER);
    for (let packet = 0; packet < 3; packet++) kernel.tell(record(1));
    const [first, , end, ...more] = await all(lines);
    expect(first).toMatchObject({
      interface: { index: 2, name: 'eth0' },
      proxy: 'web',
      target: '10.0.0.1:80',
      after: null,
    });
    expect([end, more]).toEqual([{ type: 'end', why: 'count', packets: 2, matched: 0, lost: 0 }, []]);
    expect(kernel.asked).toEqual(['stop', 'start', 'close', 'stop']);
  });

  it('do not tell what one before has left in the ring', async () => {
    const { kernel, captures } = setUp();
    await all(captures.start({ durationMs: 1 }, NEVER));
    const lines = captures.start({ durationMs: 20 }, NEVER);
    expect(kernel.sessions).toEqual([1, 2]);
    kernel.tell(record(1));
    expect(await all(lines)).toMatchObject([{ type: 'end', why: 'time', packets: 0 }]);
  });

  it('run one at a time, and end with their signal, their time, or their reader', async () => {
    const { kernel, captures } = setUp();
    const stop = new AbortController();
    const first = captures.start({}, stop.signal);
    expect(() => captures.start({}, NEVER)).toThrow('packets are being captured already');
    stop.abort();
    expect(await all(first)).toMatchObject([{ why: 'stopped' }]);
    const second = captures.start({}, NEVER);
    kernel.tell(record(2));
    for await (const _line of second) break;
    expect(await all(captures.start({ durationMs: 1 }, NEVER))).toMatchObject([{ why: 'time' }]);
  });

  it('count what a reader is too slow for', async () => {
    const { kernel, captures } = setUp();
    const lines = captures.start({ count: 100_000, durationMs: 50 }, NEVER);
    for (let packet = 0; packet < 8_200; packet++) kernel.tell(record(1));
    expect((await all(lines)).at(-1)).toMatchObject({ packets: 8_192, lost: 8 });
  });

  it('refuse what makes no sense, and then run the next one', async () => {
    const { kernel, captures } = setUp();
    expect(() => captures.start({ filter: 'or' }, NEVER)).toThrow('no word "or"');
    expect(() => captures.start({ interface: 'eth7' }, NEVER)).toThrow('no interface "eth7"');
    expect(() => captures.start({ bytes: 257 }, NEVER)).toThrow('bytes is 257');
    kernel.onStart = () => {
      throw new Error('the kernel refuses');
    };
    expect(() => captures.start({}, NEVER)).toThrow('the kernel refuses');
    kernel.onStart = () => {};
    expect(await all(captures.start({ durationMs: 1 }, NEVER))).toMatchObject([{ why: 'time' }]);
  });
});
