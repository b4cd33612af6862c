import { BpfError, check } from './bpf-error.ts';
import { type Btf, type BtfVariable, resolveId, typeById, variablesOf } from './btf/index.ts';
import { type Handle, native } from './native.ts';

/** Value of a `const volatile` variable: a number of any width, a flag, or the bytes of a struct or array. */
export type RodataValue = number | bigint | boolean | Uint8Array;

/**
 * Writes load-time options into the object's `.rodata` before it is loaded; what is not named keeps the value that the C
 * source gives it.
 * @throws {BpfError} `not_found` for an unknown name, `invalid` for a value that does not fit
 */
export function writeRodata(
  map: Handle | undefined,
  btf: Btf,
  values: Readonly<Record<string, RodataValue>>,
): void {
  const variables = variablesOf(btf, '.rodata');
  const bytes = map === undefined ? Buffer.alloc(0) : readInitialValue(map);
  for (const [name, value] of Object.entries(values)) {
    const variable = variables.find((candidate) => candidate.name === name);
    if (map === undefined || variable === undefined) {
      throw new BpfError('not_found', `the object has no load-time option ${name}`);
    }
    writeValue(bytes, variable, value, isSigned(btf, variable.type));
  }
  if (map !== undefined)
    check(native().mapSetInitialValue(map, bytes, bytes.length), 'setting the load-time options');
}

function readInitialValue(map: Handle): Buffer {
  const size = new BigUint64Array(1);
  const value = native().mapInitialValue(map, size);
  if (value === null)
    throw new BpfError('invalid', 'load-time options must be set before the object is loaded');
  return native().copyBytes(value, Number(size[0] ?? 0n));
}

function writeValue(
  bytes: Buffer,
  { name, offset, size }: BtfVariable,
  value: RodataValue,
  signed: boolean,
): void {
  if (value instanceof Uint8Array) {
    if (value.length !== size) throw misfit(name, size, `${value.length} bytes`);
    bytes.set(value, offset);
    return;
  }
  if (![1, 2, 4, 8].includes(size)) throw misfit(name, size, String(value));
  const wide = BigInt(value);
  const bits = size * 8;
  const fitted = signed ? BigInt.asIntN(bits, wide) : BigInt.asUintN(bits, wide);
  if (fitted !== wide) throw misfit(name, size, String(value));
  const word = Buffer.alloc(8);
  word.writeBigUInt64LE(BigInt.asUintN(64, fitted));
  word.copy(bytes, offset, 0, size);
}

function isSigned(btf: Btf, id: number): boolean {
  const type = typeById(btf, resolveId(btf, id));
  return type.kind === 'int' && type.encoding === 'signed';
}

function misfit(name: string, size: number, value: string): BpfError {
  return new BpfError('invalid', `the load-time option ${name} has ${size} bytes: ${value} does not fit`);
}
