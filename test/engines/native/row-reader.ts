import type { AddressCodec, Entry } from '../rows/index.ts';
import type { ByteReader } from './byte-reader.ts';

/** Enough for the rows of many cases that are at work at once; bounded, because fuzzing makes up new ones for ever. */
const MAX_REMEMBERED = 20_000;

/** Turns entries into rows; `decode` is {@link decodeFlow} or {@link decodeFragment}. */
export type DecodeRow<Row> = (entry: Entry, nowNs: bigint, addresses: AddressCodec) => Row;

/** Reads all rows of a map, in the order of their keys' bytes. */
export type RowReader<Row> = (reader: ByteReader, nowNs: bigint) => readonly Row[];

/**
 * A reader that remembers: a packet changes a row or two, and the outcome tells all of them. Rows that are equal are
 * the same object.
 */
export function rowReader<Row>(
  sizes: { readonly key: number; readonly value: number },
  decode: DecodeRow<Row>,
  addresses: AddressCodec,
): RowReader<Row> {
  const rows = new Map<string, Row>();
  let rowsNs = 0n;
  const row = (bytes: string, nowNs: bigint): Row => {
    const known = rows.get(bytes);
    if (known !== undefined) return known;
    if (rows.size >= MAX_REMEMBERED) rows.clear();
    const entry = Buffer.from(bytes, 'latin1');
    const made = decode(
      { key: entry.subarray(0, sizes.key), value: entry.subarray(sizes.key) },
      nowNs,
      addresses,
    );
    rows.set(bytes, made);
    return made;
  };
  return (reader, nowNs) => {
    if (nowNs !== rowsNs) rows.clear();
    rowsNs = nowNs;
    const entries = Array.from({ length: reader.u32() }, () => reader.latin1(sizes.key + sizes.value));
    return entries.sort().map((bytes) => row(bytes, nowNs));
  };
}
