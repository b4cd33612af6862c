import {
  type BpfObject,
  type Btf,
  type BtfEnum,
  type BtfMember,
  type BtfStruct,
  resolveId,
  typeById,
  typedefNames,
  variablesOf,
} from '../../src/libbpf/index.ts';
import type { AbiModel, Field, Shape, StructLayout } from './model.ts';

/** The struct whose members name types that no map holds, and the variable that keeps it in the object. */
const EXPORTS = 'abi_exports';

/** Reads out of an object's BTF what user space shares with its programs. */
export function collectAbi(object: BpfObject): AbiModel {
  const collector = new TypeCollector(object.btf);
  const maps = object.maps.filter(({ isInternal }) => !isInternal);
  for (const { keyType, valueType } of maps) {
    collector.addType(keyType);
    collector.addType(valueType);
  }
  collector.addExports();
  return {
    structs: collector.structs,
    enums: collector.enums,
    maps: maps.toSorted(byName),
    programs: object.programs.toSorted(byName),
    rodata: variablesOf(object.btf, '.rodata').filter(({ name }) => name !== EXPORTS),
  };
}

class TypeCollector {
  readonly #btf: Btf;
  readonly #structs = new Map<string, StructLayout>();
  readonly #enums = new Map<string, BtfEnum>();

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  get structs(): readonly StructLayout[] {
    return [...this.#structs.values()];
  }

  get enums(): readonly BtfEnum[] {
    return [...this.#enums.values()].toSorted(byName);
  }

  /** Takes a type in, and everything that it contains. */
  addType(id: number): void {
    const type = typeById(this.#btf, resolveId(this.#btf, id));
    if (type.kind === 'enum' && type.name !== '') this.#enums.set(type.name, type);
    if (type.kind === 'array') this.addType(type.type);
    if (type.kind === 'struct') this.#addStruct(type);
  }

  addExports(): void {
    const exported = this.#btf.types.find(
      (type): type is BtfStruct => type.kind === 'struct' && type.name === EXPORTS,
    );
    for (const member of exported?.members ?? []) this.addType(member.type);
  }

  #addStruct(struct: BtfStruct): void {
    if (this.#structs.has(struct.name)) return;
    const members = struct.members.filter(({ name }) => !/^_*pad/.test(name));
    for (const member of members) this.addType(member.type);
    const fields = members.map((member) => this.#field(struct, member));
    this.#structs.set(struct.name, { name: struct.name, size: struct.size, fields });
  }

  #field(struct: BtfStruct, member: BtfMember): Field {
    const where = `struct ${struct.name}, member ${member.name || '(anonymous)'}`;
    if (member.name === '' || member.bitSize !== 0) {
      throw new Error(`${where}: bit-fields and anonymous members have no layout in TypeScript`);
    }
    return { name: member.name, offset: member.bitOffset / 8, shape: this.#shape(member.type, where) };
  }

  #shape(id: number, where: string): Shape {
    const type = typeById(this.#btf, resolveId(this.#btf, id));
    switch (type.kind) {
      case 'int':
        if (type.encoding === 'bool') return { kind: 'bool' };
        return this.#int(id, type.size, type.encoding === 'signed', where);
      case 'enum':
        return this.#int(id, type.size, false, where);
      case 'struct':
        return { kind: 'struct', name: type.name, size: type.size };
      case 'array':
        return arrayOf(this.#shape(type.type, where), type.count);
      default:
        throw new Error(`${where}: a ${type.kind} has no layout in TypeScript`);
    }
  }

  #int(id: number, size: number, signed: boolean, where: string): Shape {
    if (size !== 1 && size !== 2 && size !== 4 && size !== 8) {
      throw new Error(`${where}: an integer of ${size} bytes has no layout in TypeScript`);
    }
    const bigEndian = typedefNames(this.#btf, id).some((name) => /^__be(16|32|64)$/.test(name));
    return { kind: 'int', size, signed, bigEndian };
  }
}

function arrayOf(element: Shape, count: number): Shape {
  const isBytes = element.kind === 'int' && element.size === 1 && !element.signed;
  return isBytes ? { kind: 'bytes', size: count } : { kind: 'array', element, count };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
