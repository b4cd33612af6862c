/** One type of a BTF table; `type` fields are ids into that table. */
export type BtfType =
  | { readonly kind: 'void' }
  | BtfInt
  | { readonly kind: 'pointer' | 'const' | 'volatile' | 'restrict' | 'typeTag'; readonly type: number }
  | { readonly kind: 'typedef'; readonly name: string; readonly type: number }
  | BtfArray
  | BtfStruct
  | BtfEnum
  | BtfDatasec
  | { readonly kind: 'var'; readonly name: string; readonly type: number }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'float'; readonly name: string; readonly size: number }
  /** Forward declarations, prototypes and tags of declarations: nothing that has a size. */
  | { readonly kind: 'other'; readonly name: string };

export interface BtfInt {
  readonly kind: 'int';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly encoding: 'unsigned' | 'signed' | 'char' | 'bool';
}

export interface BtfArray {
  readonly kind: 'array';
  readonly type: number;
  readonly count: number;
}

export interface BtfMember {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: number;
  readonly bitOffset: number;
  /** 0 when it is not a bit-field. */
  readonly bitSize: number;
}

export interface BtfStruct {
  readonly kind: 'struct' | 'union';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly members: readonly BtfMember[];
}

export interface BtfEnum {
  readonly kind: 'enum';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly values: readonly { readonly name: string; readonly value: bigint }[];
}

/** A data section such as `.rodata`, or `.maps`. */
export interface BtfDatasec {
  readonly kind: 'datasec';
  readonly name: string;
  readonly size: number;
  readonly vars: readonly { readonly type: number; readonly offset: number; readonly size: number }[];
}
