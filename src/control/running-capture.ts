import {
  type CapturedFrame,
  type CapturedPacket,
  type CaptureEnd,
  type CaptureLine,
  summariseFrame,
} from '../capture/index.ts';
import type { CaptureCounters, CapturedRecord, Captures, PacketFilter } from '../datapath/index.ts';
import type { PacketNames } from './packet-names.ts';

/** What is asked of the data path. */
export type CaptureSource = Pick<Captures, 'start' | 'renew' | 'stop' | 'read' | 'counters'>;

/** What a capture needs. */
export interface RunningCaptureParts {
  readonly captures: CaptureSource;
  readonly names: PacketNames;
  readonly filter: PacketFilter;
  readonly session: number;
  /** Payload is left out. */
  readonly headersOnly: boolean;
  readonly count: number;
  readonly durationMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly onEnd: () => void;
}

/** For so long a filter stands without its daemon: longer than one that lives is ever busy with something else. */
const LEASE_MS = 10_000;
const RENEW_MS = 2_000;
/** Packets that wait for a slow reader; more are lost. */
const MOST_WAITING = 8_192;
const NS_PER_MS = 1_000_000n;
const NS_PER_US = 1_000n;

/** A capture that runs, from its start on. It ends by itself; who reads it gets what was captured until then. */
export class RunningCapture implements AsyncIterable<CaptureLine> {
  /** When it ends at the latest. */
  readonly endsAt: Date;
  readonly #parts: RunningCaptureParts;
  readonly #before: CaptureCounters;
  readonly #waiting: CapturedRecord[] = [];
  readonly #reader: Disposable;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #endNs: bigint;
  /** Microseconds of the wall clock at zero of the kernel's. */
  readonly #zeroUs: bigint;
  #end: CaptureEnd['why'] | null = null;
  #matched = 0;
  #lost = 0;
  #taken = 0;
  #wake: () => void = () => {};

  /** @throws SluiceError `usage` when the filter names a reason that there is not; then nothing runs */
  constructor(parts: RunningCaptureParts) {
    const { captures, durationMs, signal } = parts;
    const nowNs = process.hrtime.bigint();
    this.#parts = parts;
    this.#endNs = nowNs + BigInt(durationMs) * NS_PER_MS;
    this.#zeroUs = BigInt(Date.now()) * 1000n - nowNs / NS_PER_US;
    this.endsAt = new Date(Date.now() + durationMs);
    this.#before = captures.counters();
    this.#reader = captures.read(
      (record) => this.#onRecord(record),
      () => this.#lost++,
    );
    try {
      captures.start(this.#inForce());
    } catch (error) {
      this.#reader[Symbol.dispose]();
      throw error;
    }
    this.#timers = [
      setTimeout(() => this.#stop('time'), durationMs),
      setInterval(() => this.#renew(), RENEW_MS),
    ];
    for (const timer of this.#timers) timer.unref();
    signal.addEventListener('abort', () => this.#stop('stopped'), { once: true });
    if (signal.aborted) this.#stop('stopped');
  }

  /** The packets as they come, and then its end. Leaving the loop ends the capture. */
  async *[Symbol.asyncIterator](): AsyncGenerator<CaptureLine, void> {
    let packets = 0;
    try {
      for (;;) {
        const record = this.#waiting.shift();
        if (record !== undefined) {
          packets += 1;
          yield this.#packet(record);
        } else if (this.#end !== null) {
          yield { type: 'end', why: this.#end, packets, matched: this.#matched, lost: this.#lost };
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#stop('stopped');
    }
  }

  #inForce() {
    const { filter, session } = this.#parts;
    const lease = process.hrtime.bigint() + BigInt(LEASE_MS) * NS_PER_MS;
    return { filter, session, untilNs: lease < this.#endNs ? lease : this.#endNs };
  }

  #renew(): void {
    try {
      this.#parts.captures.renew(this.#inForce());
    } catch {
      // Without its renewal the filter ends by itself.
      this.#stop('stopped');
    }
  }

  #onRecord(record: CapturedRecord): void {
    // Left in the ring by a capture before, or beyond what was asked for.
    if (record.session !== this.#parts.session || this.#end !== null) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(record);
    this.#taken += 1;
    if (this.#taken === this.#parts.count) this.#stop('count');
    this.#wake();
  }

  #stop(why: CaptureEnd['why']): void {
    if (this.#end !== null) return;
    this.#end = why;
    const { captures, onEnd } = this.#parts;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#reader[Symbol.dispose]();
    try {
      captures.stop();
      const { matched, lost } = captures.counters();
      this.#matched = matched - this.#before.matched;
      this.#lost += lost - this.#before.lost;
    } finally {
      onEnd();
      this.#wake();
    }
  }

  #packet(record: CapturedRecord): CapturedPacket {
    const { names } = this.#parts;
    return {
      type: 'packet',
      timeUs: Number(this.#zeroUs + record.timeNs / NS_PER_US),
      hook: record.hook,
      interface: { index: record.ifindex, name: names.interface(record.ifindex) },
      outcome: record.outcome,
      reason: record.reason,
      verdict: record.verdict,
      proxy: names.proxy(record.proxyId),
      target: names.target(record.targetId),
      before: this.#frame(record.before),
      after: record.outcome === 'dropped' ? null : this.#frame(record.after),
    };
  }

  #frame({ length, bytes }: CapturedRecord['before']): CapturedFrame {
    const told = this.#parts.headersOnly ? bytes.subarray(0, summariseFrame(bytes).headerBytes) : bytes;
    return { length, bytes: told.toString('base64') };
  }
}
