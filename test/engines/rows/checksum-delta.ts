/**
 * What the programs keep of a rewrite for the checksums: one's complement differences, in the byte order of the machine
 * (little-endian), in the one of several equal forms that `bpf_csum_diff` of Linux 6.13 and newer gives: 1 to 0xffff.
 */
export function checksumDelta(from: Buffer, to: Buffer): number {
  const difference = (wordSum(to) - wordSum(from)) % 0xffff;
  return difference > 0 ? difference : difference + 0xffff;
}

/** The delta of the way back, as `flow_mirror` makes it from that of the way there. */
export function mirroredDelta(delta: number): number {
  return ~delta >>> 0;
}

function wordSum(bytes: Buffer): number {
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += 2) sum += bytes.readUInt16LE(offset);
  return sum;
}
