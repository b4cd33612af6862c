import type { BtfEnum } from '../../src/libbpf/index.ts';
import { camelCase, commonPrefix, pascalCase, upperCase } from './names.ts';

interface Enumerator {
  /** In lower case, without the prefix. */
  readonly label: string;
  readonly value: bigint;
}

/** Values, type and labels of one enum. An enumerator `..._COUNT` is none of the values, but a constant of its own. */
export function emitEnum(btfEnum: BtfEnum): string {
  const prefix = commonPrefix(
    btfEnum.name,
    btfEnum.values.map(({ name }) => name),
  );
  const all = btfEnum.values.map(({ name, value }) => ({
    label: name.slice(prefix.length).toLowerCase(),
    value,
  }));
  const values = all.filter(({ label }) => label !== 'count');
  const count = all.find(({ label }) => label === 'count');
  return [emitValues(btfEnum.name, values), emitNames(btfEnum.name, values), emitCount(btfEnum.name, count)]
    .filter((part) => part !== '')
    .join('\n');
}

function emitValues(name: string, values: readonly Enumerator[]): string {
  const type = pascalCase(name);
  return `/** \`enum ${name}\` */
export const ${type} = {
${values.map(({ label, value }) => `  ${camelCase(label)}: ${value},`).join('\n')}
} as const;

/** A value of \`enum ${name}\`. */
export type ${type} = (typeof ${type})[keyof typeof ${type}];
`;
}

/** Labels by value: an array where the values count up from 0, else a record. */
function emitNames(name: string, values: readonly Enumerator[]): string {
  const constant = `${upperCase(name)}_NAMES`;
  const doc = `/** Labels of \`enum ${name}\` by value. */`;
  if (values.every(({ value }, index) => value === BigInt(index))) {
    const labels = values.map(({ label }) => `  '${label}',`).join('\n');
    return `${doc}\nexport const ${constant}: readonly string[] = [\n${labels}\n];\n`;
  }
  const rows = values.map(({ label, value }) => `  ${value}: '${label}',`).join('\n');
  return `${doc}\nexport const ${constant}: Readonly<Record<number, string>> = {\n${rows}\n};\n`;
}

function emitCount(name: string, count: Enumerator | undefined): string {
  if (count === undefined) return '';
  return `/** How many values \`enum ${name}\` has. */\nexport const ${upperCase(name)}_COUNT = ${count.value};\n`;
}
