/** How the value of a field is written. */
export type FieldKind = 'number' | 'hex' | 'mac' | 'address' | 'flags' | 'bytes';

/** A named run of bits of a frame. */
export interface Field {
  /** `ip.ttl`, `tcp.checksum`, `quoted.udp.sourcePort`... */
  readonly name: string;
  readonly kind: FieldKind;
  /** Where it begins, counted from the first bit of the frame. */
  readonly bit: number;
  readonly bits: number;
}

/** One line of a header's description: name, bits, kind (default number). */
export type FieldSpec = readonly [name: string, bits: number, kind?: FieldKind];

/** A header as one field after another; one that the frame ends in has fewer. */
export function layOut(
  prefix: string,
  at: number,
  frameBytes: number,
  specs: readonly FieldSpec[],
): readonly Field[] {
  const fields: Field[] = [];
  let bit = at * 8;
  for (const [name, bits, kind = 'number'] of specs) {
    if (bit + bits > frameBytes * 8) break;
    if (bits > 0) fields.push({ name: `${prefix}${name}`, kind, bit, bits });
    bit += bits;
  }
  return fields;
}

/** A run of whole bytes from `from` to `to`; none when it is empty. */
export function byteField(name: string, from: number, to: number): readonly Field[] {
  return to > from ? [{ name, kind: 'bytes', bit: from * 8, bits: (to - from) * 8 }] : [];
}
