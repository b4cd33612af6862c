import { emitEnum } from './emit-enum.ts';
import { emitHelpers, emitStruct } from './emit-struct.ts';
import type { AbiModel } from './model.ts';

const HEADER = `// Made by scripts/generate from the type information (BTF) of the kernel object. Do not edit: change bpf/ and run it.
`;

/** The whole TypeScript file. */
export function emitAbi(model: AbiModel): string {
  const structs = model.structs.map(emitStruct);
  return [
    HEADER,
    ...model.enums.map(emitEnum),
    ...structs,
    emitMaps(model),
    emitPrograms(model),
    emitRodata(model),
    ...emitHelpers(structs.join('')),
  ].join('\n');
}

function emitMaps({ maps }: AbiModel): string {
  const rows = maps.map(
    ({ name, type, keySize, valueSize, maxEntries }) =>
      `  ${name}: { type: '${type}', keySize: ${keySize}, valueSize: ${valueSize}, maxEntries: ${maxEntries} },`,
  );
  return `/** The declared maps. */\nexport const MAPS = {\n${rows.join('\n')}\n} as const;\n`;
}

function emitPrograms({ programs }: AbiModel): string {
  const rows = programs.map(
    ({ name, section, type }) => `  ${name}: { section: '${section}', type: '${type}' },`,
  );
  return `/** The programs. */\nexport const PROGRAMS = {\n${rows.join('\n')}\n} as const;\n`;
}

function emitRodata({ rodata }: AbiModel): string {
  const rows = rodata.map(({ name, offset, size }) => `  ${name}: { offset: ${offset}, size: ${size} },`);
  return `/** The load-time options: where they lie in \`.rodata\`, in bytes. */\nexport const RODATA = {\n${rows.join('\n')}\n} as const;\n`;
}
