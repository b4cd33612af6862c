const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;
const MASK = (1n << 64n) - 1n;

/** The hash by which the data path knows a host name: FNV-1a 64 of the name in lower case; `*.example.com` as it is. */
export function nameHash(name: string): bigint {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(name.toLowerCase(), 'latin1')) {
    hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK;
  }
  return hash;
}
