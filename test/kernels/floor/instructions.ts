/** Numbers of ELF (Elf64_Ehdr, Elf64_Shdr) and of BPF's instruction set (RFC 9669). */
const ELF = { headersAt: 0x28, headerBytes: 0x3a, headerCount: 0x3c, codeFlag: 0x4, programBits: 1 } as const;
const SECTION = { type: 0x04, flags: 0x08, offset: 0x18, size: 0x20 } as const;
const INSTRUCTION_BYTES = 8;
const WIDE_LOAD = 0x18;

/** One instruction as it lies in an object file, before relocation. */
export interface Instruction {
  readonly opcode: number;
  readonly source: number;
  /** The 16 bits that are a distance in jumps and loads, and a variant in others. */
  readonly offset: number;
  readonly immediate: number;
}

/** All instructions in the code sections of a BPF object. */
export function instructionsOf(object: Buffer): readonly Instruction[] {
  return codeSections(object).flatMap((section) => {
    const found: Instruction[] = [];
    for (let at = 0; at < section.length; at += INSTRUCTION_BYTES) {
      const opcode = section.readUInt8(at);
      found.push({
        opcode,
        source: section.readUInt8(at + 1) >> 4,
        offset: section.readInt16LE(at + 2),
        immediate: section.readInt32LE(at + 4),
      });
      // Its second half is data.
      if (opcode === WIDE_LOAD) at += INSTRUCTION_BYTES;
    }
    return found;
  });
}

function codeSections(object: Buffer): readonly Buffer[] {
  const headersAt = Number(object.readBigUInt64LE(ELF.headersAt));
  const bytes = object.readUInt16LE(ELF.headerBytes);
  return Array.from({ length: object.readUInt16LE(ELF.headerCount) }, (_, index) =>
    object.subarray(headersAt + index * bytes, headersAt + (index + 1) * bytes),
  )
    .filter((header) => header.readUInt32LE(SECTION.type) === ELF.programBits)
    .filter((header) => (Number(header.readBigUInt64LE(SECTION.flags)) & ELF.codeFlag) !== 0)
    .map((header) => {
      const offset = Number(header.readBigUInt64LE(SECTION.offset));
      return object.subarray(offset, offset + Number(header.readBigUInt64LE(SECTION.size)));
    });
}
