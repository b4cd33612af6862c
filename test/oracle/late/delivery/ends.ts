/**
 * Two ends of a connection that is bound late, or whose target gets a header, as plain TCPs: they know nothing of each
 * other's true sequence numbers.
 */
import type { DecodedTransport } from '../../../../lab/packet/index.ts';
import { headerOf, type Setting, type Step, TARGET_ISN } from '../conversation.ts';

type TcpSegment = Extract<DecodedTransport, { kind: 'tcp' }>;

/** Segments that an end sends at once. */
const BURST = 4;
const QUIET = { acknowledges: 0, window: 512, options: 'none', target: 0, partial: false } as const;

/** What has arrived of a stream, in any order. */
export class Arrivals {
  readonly #bytes = new Map<number, number>();
  /** Bytes that are there without a gap. */
  end = 0;

  /** @throws Error when a byte is another one than came there before: the stream was mixed up */
  take(at: number, payload: Uint8Array): void {
    for (const [index, byte] of payload.entries()) {
      const known = this.#bytes.get(at + index);
      if (known !== undefined && known !== byte) throw new Error(`byte ${at + index} came as two`);
      this.#bytes.set(at + index, byte);
    }
    while (this.#bytes.has(this.end)) this.end += 1;
  }

  /** All of it, and whatever lies behind a gap. */
  get bytes(): Buffer {
    const most = Math.max(-1, ...this.#bytes.keys());
    return Buffer.from(Array.from({ length: most + 1 }, (_, at) => this.#bytes.get(at) ?? 0));
  }
}

/** The client: sends a stream and takes the reply. */
export class ClientEnd {
  readonly received = new Arrivals();
  /** Bytes of the stream that were acknowledged; -1: the SYN was not. */
  acknowledged = -1;
  wasReset = false;
  readonly #setting: Setting;
  readonly #cuts: readonly number[];
  #first = 0;

  constructor(setting: Setting, cuts: readonly number[]) {
    this.#setting = setting;
    this.#cuts = cuts;
  }

  /** What it sends now: whatever is not acknowledged, and an acknowledgement. */
  sends(hook: Step['hook']): readonly Step[] {
    const base = { ...QUIET, from: 'client', hook } as const;
    if (this.acknowledged < 0) return [{ ...base, flags: 'S', at: 0, length: 0, options: 'syn' }];
    const segment = { ...base, flags: 'PA', acknowledges: this.received.end };
    const pieces = this.#pieces().filter(({ at, length }) => at + length > this.acknowledged);
    const ack = this.received.end > 0 ? [{ ...segment, flags: 'A', at: this.acknowledged, length: 0 }] : [];
    return [...ack, ...pieces.slice(0, BURST).map((piece) => ({ ...segment, ...piece }))];
  }

  /** @throws Error when something is acknowledged that it has not sent */
  take(segment: TcpSegment): void {
    const { isn, stream } = this.#setting;
    if (segment.flags.includes('R')) this.wasReset = true;
    if (!segment.flags.includes('A')) return;
    const acknowledged = distance(isn + 1, segment.acknowledgement);
    if (acknowledged > stream.length) throw new Error(`${acknowledged} of ${stream.length} acknowledged`);
    if (segment.flags.includes('S')) this.#first = segment.sequence + 1;
    this.acknowledged = Math.max(this.acknowledged, acknowledged);
    this.received.take(distance(this.#first, segment.sequence), segment.payload);
  }

  #pieces(): readonly { readonly at: number; readonly length: number }[] {
    const { stream } = this.#setting;
    const pieces: { at: number; length: number }[] = [];
    for (let at = 0, index = 0; at < stream.length; index++) {
      const length = Math.min(this.#cuts[index % this.#cuts.length] ?? 1, stream.length - at);
      pieces.push({ at, length });
      at += length;
    }
    return pieces;
  }
}

/** A target: answers a SYN, takes a stream, and replies once it has heard so many bytes. */
export class TargetEnd {
  readonly received = new Arrivals();
  /** What it replies with; its segments, each filled with one byte. */
  readonly reply: readonly { readonly at: number; readonly length: number }[];
  /** What it must get: its header, and the client's stream. */
  readonly wanted: Buffer;
  /** The number of the first byte of that. */
  readonly #first: number;
  readonly #index: number;
  #state: 'listens' | 'answers' | 'open' = 'listens';
  #acknowledged = 0;
  #owes = false;

  constructor(setting: Setting, index: number) {
    const header = headerOf(setting, index);
    this.wanted = Buffer.concat([header, setting.stream]);
    this.#first = setting.isn + 1 - header.length;
    this.#index = index;
    this.reply = [0, 1, 2].map((each) => ({ at: each * 700, length: 700 }));
  }

  /** It has seen a packet. */
  get wasAsked(): boolean {
    return this.#state !== 'listens';
  }

  get replyBytes(): Buffer {
    return Buffer.concat(this.reply.map(({ at, length }) => Buffer.alloc(length, at & 255)));
  }

  sends(hook: Step['hook']): readonly Step[] {
    const base = { ...QUIET, from: 'target', hook, target: this.#index } as const;
    const acknowledges = this.received.end;
    if (this.#state === 'answers') return [{ ...base, flags: 'SA', at: 0, length: 0, options: 'syn' }];
    if (this.#state === 'listens') return [];
    const isAll = acknowledges === this.wanted.length;
    const replies = this.reply.filter(({ at, length }) => isAll && at + length > this.#acknowledged);
    const ack = this.#owes ? [{ ...base, flags: 'A', at: this.#acknowledged, length: 0, acknowledges }] : [];
    this.#owes = false;
    return [...ack, ...replies.map((piece) => ({ ...base, ...piece, flags: 'PA', acknowledges }))];
  }

  /** @throws Error when the connection is none that it can take part in */
  take(segment: TcpSegment): void {
    if (segment.flags.includes('R')) throw new Error('the target was reset');
    if (segment.flags === 'S') {
      if (distance(this.#first - 1, segment.sequence) !== 0)
        throw new Error(`the target's SYN has number ${segment.sequence}`);
      if (this.#state === 'listens') this.#state = 'answers';
      return;
    }
    if (this.#state === 'listens') throw new Error(`the target got ${segment.flags} before a SYN`);
    const acknowledged = distance(TARGET_ISN + 1, segment.acknowledgement);
    if (acknowledged > this.replyBytes.length) throw new Error(`${acknowledged} of the reply acknowledged`);
    this.#acknowledged = Math.max(this.#acknowledged, acknowledged);
    this.#state = 'open';
    this.#owes = true;
    this.received.take(distance(this.#first, segment.sequence), segment.payload);
  }
}

/** How far `to` is ahead of `from` in sequence space; a little behind is negative. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}
