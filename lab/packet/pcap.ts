const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const LINKTYPE_ETHERNET = 1;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** One captured frame. */
export interface CapturedFrame {
  /** Seconds since 1970. */
  readonly timeSeconds: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads a classic pcap file of Ethernet frames, in either byte order. A cut-off last record is left out.
 * @throws Error for other formats and link types.
 */
export function parsePcap(file: Buffer): readonly CapturedFrame[] {
  const format = readFileHeader(file);
  const frames: CapturedFrame[] = [];
  let at = FILE_HEADER_BYTES;
  while (at + RECORD_HEADER_BYTES <= file.length) {
    const bytes = format.uint32(at + 8);
    const start = at + RECORD_HEADER_BYTES;
    if (start + bytes > file.length) break;
    frames.push({
      timeSeconds: format.uint32(at) + format.uint32(at + 4) / format.fractions,
      bytes: file.subarray(start, start + bytes),
    });
    at = start + bytes;
  }
  return frames;
}

function readFileHeader(file: Buffer) {
  if (file.length < FILE_HEADER_BYTES) throw new Error(`not a pcap file: only ${file.length} bytes`);
  const little = [MAGIC_MICROSECONDS, MAGIC_NANOSECONDS].includes(file.readUInt32LE(0));
  const uint32 = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const magic = uint32(0);
  if (magic !== MAGIC_MICROSECONDS && magic !== MAGIC_NANOSECONDS) {
    throw new Error(`not a pcap file: magic ${magic.toString(16)}`);
  }
  const linkType = uint32(20) & 0xffff;
  if (linkType !== LINKTYPE_ETHERNET) throw new Error(`pcap link type ${linkType} is not Ethernet`);
  return { uint32, fractions: magic === MAGIC_NANOSECONDS ? 1e9 : 1e6 };
}
