import { decodeAddress, encodeAddress } from '../../../src/datapath/address.ts';

/** Enough for the addresses of one state; bounded, because fuzzing makes up new ones for ever. */
const MAX_REMEMBERED = 20_000;

/** Address text to and from the 16 bytes of the tables. */
export interface AddressCodec {
  encode(text: string): Buffer;
  decode(bytes: Buffer): string;
}

/** A codec that remembers: cases name few addresses, many times. */
export function addressCodec(): AddressCodec {
  const bytesOf = new Map<string, Buffer>();
  const textOf = new Map<string, string>();
  return {
    encode: (text) => remembered(bytesOf, text, () => encodeAddress(text)),
    decode: (bytes) => remembered(textOf, bytes.toString('latin1'), () => decodeAddress(bytes)),
  };
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_REMEMBERED) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
