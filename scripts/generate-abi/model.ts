import type { BtfEnum, BtfVariable, ObjectMap, ObjectProgram } from '../../src/libbpf/index.ts';

/** How one field, or one element of an array, lies in memory. */
export type Shape =
  | {
      readonly kind: 'int';
      readonly size: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      readonly bigEndian: boolean;
    }
  | { readonly kind: 'bool' }
  | { readonly kind: 'bytes'; readonly size: number }
  /** A struct of the model, by its C name. */
  | { readonly kind: 'struct'; readonly name: string; readonly size: number }
  | { readonly kind: 'array'; readonly element: Shape; readonly count: number };

export interface Field {
  /** As in C. */
  readonly name: string;
  /** Bytes from the start of its struct. */
  readonly offset: number;
  readonly shape: Shape;
}

export interface StructLayout {
  /** As in C. */
  readonly name: string;
  readonly size: number;
  /** Without padding. */
  readonly fields: readonly Field[];
}

/** Everything that is generated of an object. */
export interface AbiModel {
  /** Each after those that it contains. */
  readonly structs: readonly StructLayout[];
  readonly enums: readonly BtfEnum[];
  readonly maps: readonly ObjectMap[];
  readonly programs: readonly ObjectProgram[];
  readonly rodata: readonly BtfVariable[];
}

/** Bytes of a shape. */
export function sizeOf(shape: Shape): number {
  switch (shape.kind) {
    case 'bool':
      return 1;
    case 'array':
      return shape.count * sizeOf(shape.element);
    default:
      return shape.size;
  }
}
