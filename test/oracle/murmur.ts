/** MurmurHash3_x86_32 as its author describes it, for whole words: https://en.wikipedia.org/wiki/MurmurHash#Algorithm */

/** The hash of bytes, whose number is a multiple of 4, with seed 0. */
export function murmur3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0;
  for (let at = 0; at < bytes.length; at += 4) {
    const word = Math.imul(turn(Math.imul(view.getUint32(at, true), 0xcc9e2d51), 15), 0x1b873593);
    hash = (Math.imul(turn(hash ^ word, 13), 5) + 0xe6546b64) | 0;
  }
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
