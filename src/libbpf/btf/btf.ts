import { parseBtf } from './parse.ts';
import type { BtfDatasec, BtfType } from './types.ts';

/** One variable of a data section, e.g. a load-time option in `.rodata`. */
export interface BtfVariable {
  readonly name: string;
  /** Id of its type. */
  readonly type: number;
  /** Bytes from the start of the section. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** The type table of an object, with the few questions that one asks of it. */
export interface Btf {
  readonly types: readonly BtfType[];
}

/** Reads a BTF blob. @throws {BpfError} `bad_object` */
export function readBtf(data: Uint8Array): Btf {
  return { types: parseBtf(data) };
}

/** The type with this id; void for an id that is not in the table. */
export function typeById(btf: Btf, id: number): BtfType {
  return btf.types[id] ?? { kind: 'void' };
}

/** Id of the type behind typedefs and qualifiers. */
export function resolveId(btf: Btf, id: number): number {
  const type = typeById(btf, id);
  switch (type.kind) {
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'typeTag':
      return resolveId(btf, type.type);
    default:
      return id;
  }
}

/** Names of the typedefs that stand between an id and its real type, outermost first. */
export function typedefNames(btf: Btf, id: number): readonly string[] {
  const type = typeById(btf, id);
  if (type.kind === 'typedef') return [type.name, ...typedefNames(btf, type.type)];
  const next = resolveId(btf, id) === id ? undefined : qualified(type);
  return next === undefined ? [] : typedefNames(btf, next);
}

/** Variables of a data section in order of their offsets; empty when the object has no such section. */
export function variablesOf(btf: Btf, section: string): readonly BtfVariable[] {
  const datasec = btf.types.find(
    (type): type is BtfDatasec => type.kind === 'datasec' && type.name === section,
  );
  return (datasec?.vars ?? [])
    .flatMap(({ type, offset, size }) => {
      const variable = typeById(btf, type);
      return variable.kind === 'var' ? [{ name: variable.name, type: variable.type, offset, size }] : [];
    })
    .sort((a, b) => a.offset - b.offset);
}

function qualified(type: BtfType): number | undefined {
  return 'type' in type ? type.type : undefined;
}
