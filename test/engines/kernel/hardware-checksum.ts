import { BpfError, type BpfProgram } from '../../../src/libbpf/index.ts';
import type { Input, Outcome } from '../model.ts';
import { contextOf } from './context.ts';

/** `BPF_F_TEST_SKB_CHECKSUM_COMPLETE`, and the first kernel that has it. */
const FLAG = 4;
export const HARDWARE_CHECKSUM_KERNEL = '6.11';
const EBADMSG = 74;

/**
 * Runs a packet as one whose sum the NIC has made (CHECKSUM_COMPLETE): the kernel compares that sum with the packet
 * afterwards.
 * @returns `broken` when the rewrite did not keep it right
 */
export function runWithHardwareChecksum(
  program: BpfProgram,
  input: Input,
): NonNullable<Outcome['hardwareChecksum']> {
  try {
    program.run({ dataIn: input.frame, ctxIn: contextOf(input), flags: FLAG });
    return 'kept';
  } catch (error) {
    if (error instanceof BpfError && error.errno === EBADMSG) return 'broken';
    throw error;
  }
}
