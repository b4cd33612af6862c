import type { Hello, LateSlot } from '../../../src/datapath/generated/abi.ts';
import { joined, type StreamRow } from '../model/held.ts';

/** `enum hello_verdict` of bpf/hello.h. */
const VERDICTS = { more: 0, name: 1, none: 2 } as const;
/** The client did not offer window scaling. */
const NO_SCALE = 15;

/** What a slot holds of a stream. @param decided whether its target has been chosen */
export function encodeStream(row: StreamRow, empty: LateSlot, decided: boolean): LateSlot {
  const first = Buffer.from(row.bytes, 'hex');
  const bytes = Buffer.from(empty.bytes);
  first.copy(bytes);
  for (const piece of row.pieces) Buffer.from(piece.bytes, 'hex').copy(bytes, piece.at);
  return {
    ...empty,
    isn: row.isn,
    cookie: row.cookie,
    sent: row.sent,
    acked: row.acked,
    asks: row.mayAsk ? 1 : 0,
    end: first.length,
    ranges: empty.ranges.map((_, index) => rangeOf(row.pieces[index])),
    hello: encodeHello(row.name, empty.hello, decided),
    window: row.window,
    mss: row.mss,
    scale: row.scale ?? NO_SCALE,
    header: row.header,
    bytes,
  };
}

/** What a slot says of the stream that it holds. */
export function decodeStream(slot: LateSlot): StreamRow {
  const { isn, cookie, end, window, scale, mss, header, sent, acked, hello } = slot;
  const hex = (start: number, to: number) => slot.bytes.subarray(start, to).toString('hex');
  return {
    isn,
    cookie,
    bytes: hex(0, end),
    pieces: joined(slot.ranges.filter((range) => range.end !== 0)).map((range) => ({
      at: range.start,
      bytes: hex(range.start, range.end),
    })),
    window,
    scale: scale === NO_SCALE ? null : scale,
    mss,
    header,
    ...(hello.verdict === VERDICTS.name && { name: hello.name.toString('latin1', 0, hello.nameBytes) }),
    sent,
    acked,
    mayAsk: slot.asks !== 0,
  };
}

function rangeOf(piece: StreamRow['pieces'][number] | undefined): { start: number; end: number } {
  return piece ? { start: piece.at, end: piece.at + piece.bytes.length / 2 } : { start: 0, end: 0 };
}

function encodeHello(name: string | undefined, empty: Hello, decided: boolean): Hello {
  if (name === undefined) return { ...empty, verdict: decided ? VERDICTS.none : VERDICTS.more };
  const bytes = Buffer.from(empty.name);
  bytes.write(name, 'latin1');
  return { ...empty, verdict: VERDICTS.name, nameBytes: name.length, name: bytes };
}
