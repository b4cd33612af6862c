import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { objectPath } from '../../src/datapath/index.ts';
import { BpfObject, compareKernels } from '../../src/libbpf/index.ts';
import { HELPERS, LAST_OF_FLOOR, MAP_TYPES, PROGRAM_TYPES, TOO_NEW } from './floor/helpers.ts';
import { instructionsOf } from './floor/instructions.ts';
import { deepestChains, STACK_LIMIT_BYTES } from './floor/stack.ts';

const FLOOR = '5.15';
const SOURCES = fileURLToPath(new URL('../../bpf', import.meta.url));
const CALL = 0x85;
/** What the source register of a call says: a helper by number, our own function, one of the kernel's (kfunc). */
const CALLEE = { helper: 0, ours: 1, kernel: 2 } as const;
/** Atomic operations on 4 and on 8 bytes. All but the addition that answers nothing are new to arm64 with Linux 5.18. */
const ATOMIC = { opcodes: [0xc3, 0xdb], add: 0 } as const;
/** Opcodes of -mcpu=v4 and later: far jump (Linux 6.6), conditional "may go to" (6.9). */
const NEW_JUMPS = [0x06, 0xe5];

const instructions = instructionsOf(readFileSync(objectPath()));
const callees = (kind: number) =>
  instructions
    .filter(({ opcode, source }) => opcode === CALL && source === kind)
    .map((each) => each.immediate);

describe(`the oldest kernel that may be used, ${FLOOR},`, () => {
  it('has every helper that the compiled programs call', () => {
    const called = [...new Set(callees(CALLEE.helper))].sort((a, b) => a - b);
    expect(called).toEqual(Object.keys(HELPERS).map(Number));
    expect(called.filter((id) => id > LAST_OF_FLOOR)).toEqual([]);
    const newer = Object.values(HELPERS).filter(({ since }) => compareKernels(since, FLOOR) > 0);
    expect(newer).toEqual([]);
  });

  it('has the numbers of helpers that its header gives them', () => {
    const header = readFileSync('/usr/include/linux/bpf.h', 'utf8');
    const names = [...header.matchAll(/^\s+FN\((\w+)(?:, \d+, [^)]*)?\)|^\s+FN\((\w+),/gm)].map(
      (match) => match[1] ?? match[2],
    );
    for (const [id, { name }] of Object.entries(HELPERS)) expect(names[Number(id)]).toBe(name);
    expect(names[LAST_OF_FLOOR]).toBe('task_pt_regs');
  });

  it('is asked for no function of the kernel that is not a helper', () => {
    expect(callees(CALLEE.kernel)).toEqual([]);
    expect(callees(CALLEE.ours).length).toBeGreaterThan(0);
  });

  it('knows every instruction', () => {
    expect(instructions.length).toBeGreaterThan(1_000);
    const isNew = ({ opcode, offset }: { opcode: number; offset: number }) =>
      NEW_JUMPS.includes(opcode) || isSigned(opcode, offset) || isByteSwap(opcode);
    expect(instructions.filter(isNew)).toEqual([]);
  });

  it('knows every atomic operation, also on arm64', () => {
    const atomic = instructions.filter(({ opcode }) => ATOMIC.opcodes.some((each) => each === opcode));
    expect(atomic.length).toBeGreaterThan(0);
    expect(atomic.filter(({ immediate }) => immediate !== ATOMIC.add)).toEqual([]);
  });

  it('has stack for every chain of calls, though it rounds each frame up', () => {
    const chains = deepestChains(objectPath());
    const programs = chains.map(({ functions }) => functions[0]);
    expect(programs).toEqual(expect.arrayContaining(['xdp_ingress', 'tc_ingress', 'tc_egress', 'sweep']));
    expect(Math.max(...chains.map(({ bytes }) => bytes))).toBeGreaterThan(STACK_LIMIT_BYTES / 2);
    expect(chains.filter(({ bytes }) => bytes > STACK_LIMIT_BYTES)).toEqual([]);
  });

  it('has every kind of map and program', () => {
    using object = BpfObject.open(objectPath());
    const olderThanFloor = (since: string | undefined) =>
      since !== undefined && compareKernels(since, FLOOR) <= 0;
    for (const { name, type } of object.maps)
      expect(olderThanFloor(MAP_TYPES[type]), `${name}: ${type}`).toBe(true);
    for (const { name, type } of object.programs) {
      expect(olderThanFloor(PROGRAM_TYPES[type]), `${name}: ${type}`).toBe(true);
    }
  });

  it.each(readdirSync(SOURCES))('understands every word of %s', (file) => {
    const text = readFileSync(join(SOURCES, file), 'utf8');
    const words = Object.entries(TOO_NEW).filter(([word]) => new RegExp(`\\b${word}`).test(text));
    expect(words).toEqual([]);
  });
});

/** Signed division, remainder and moves, which came with Linux 6.6: known operations with an offset that is not 0. */
function isSigned(opcode: number, offset: number): boolean {
  const [kind, operation] = [opcode & 0x07, opcode & 0xf0];
  return (kind === 0x04 || kind === 0x07) && [0x30, 0x90, 0xb0].includes(operation) && offset !== 0;
}

/** Unconditional byte swap (Linux 6.6). */
function isByteSwap(opcode: number): boolean {
  return opcode === 0xd7;
}
