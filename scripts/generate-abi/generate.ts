import { BpfObject } from '../../src/libbpf/index.ts';
import { collectAbi } from './collect.ts';
import { emitAbi } from './emit.ts';

/** The TypeScript layouts of a compiled object. Needs no root: the kernel is not asked. */
export function generateAbi(objectPath: string): string {
  using object = BpfObject.open(objectPath);
  return emitAbi(collectAbi(object));
}
