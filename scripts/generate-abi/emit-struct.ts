import type { Field, Shape, StructLayout } from './model.ts';
import { sizeOf } from './model.ts';
import { camelCase, pascalCase, upperCase } from './names.ts';

/** Functions that the emitted code may call, by name. */
const HELPERS = {
  getBytes: `function getBytes(buf: Buffer, start: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  buf.copy(bytes, 0, start, start + size);
  return bytes;
}
`,
  putBytes: `function putBytes(bytes: Uint8Array, buf: Buffer, start: number, size: number): void {
  if (bytes.length !== size) throw new RangeError(\`\${bytes.length} bytes where \${size} belong\`);
  buf.set(bytes, start);
}
`,
  putEach: `function putEach<T>(values: readonly T[], count: number, put: (value: T, index: number) => void): void {
  if (values.length !== count) throw new RangeError(\`\${values.length} values where \${count} belong\`);
  values.forEach(put);
}
`,
};

/** The helpers that some emitted code calls. */
export function emitHelpers(code: string): readonly string[] {
  return Object.entries(HELPERS).flatMap(([name, helper]) => (code.includes(`${name}(`) ? [helper] : []));
}

/** Interface, size, reader and writer of one struct. */
export function emitStruct(struct: StructLayout): string {
  const type = pascalCase(struct.name);
  const size = `${upperCase(struct.name)}_SIZE`;
  return `/** \`struct ${struct.name}\` */
export interface ${type} {
${struct.fields.map((field) => `  readonly ${camelCase(field.name)}: ${typeOf(field.shape)};`).join('\n')}
}

/** Bytes of \`struct ${struct.name}\`. */
export const ${size} = ${struct.size};

/** Reads a \`struct ${struct.name}\`. */
export function read${type}(buf: Buffer, offset = 0): ${type} {
  return {
${struct.fields.map((field) => `    ${camelCase(field.name)}: ${readOf(field.shape, at(field))},`).join('\n')}
  };
}

/** Writes a \`struct ${struct.name}\`; padding becomes zero. */
export function write${type}(value: ${type}, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + ${size});
${struct.fields.map((field) => `  ${writeOf(field.shape, `value.${camelCase(field.name)}`, at(field))};`).join('\n')}
}
`;
}

function at(field: Field): string {
  return field.offset === 0 ? 'offset' : `offset + ${field.offset}`;
}

function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'int':
      return shape.size === 8 ? 'bigint' : 'number';
    case 'bool':
      return 'boolean';
    case 'bytes':
      return 'Buffer';
    case 'struct':
      return pascalCase(shape.name);
    case 'array':
      return `readonly ${typeOf(shape.element)}[]`;
  }
}

function readOf(shape: Shape, where: string): string {
  switch (shape.kind) {
    case 'int':
      return `buf.read${accessor(shape)}(${where})`;
    case 'bool':
      return `buf.readUInt8(${where}) !== 0`;
    case 'bytes':
      return `getBytes(buf, ${where}, ${shape.size})`;
    case 'struct':
      return `read${pascalCase(shape.name)}(buf, ${where})`;
    case 'array':
      return `Array.from({ length: ${shape.count} }, (_, index) => ${readOf(shape.element, elementAt(shape.element, where))})`;
  }
}

function writeOf(shape: Shape, value: string, where: string): string {
  switch (shape.kind) {
    case 'int':
      return `buf.write${accessor(shape)}(${value}, ${where})`;
    case 'bool':
      return `buf.writeUInt8(${value} ? 1 : 0, ${where})`;
    case 'bytes':
      return `putBytes(${value}, buf, ${where}, ${shape.size})`;
    case 'struct':
      return `write${pascalCase(shape.name)}(${value}, buf, ${where})`;
    case 'array': {
      const put = writeOf(shape.element, 'element', elementAt(shape.element, where));
      return `putEach(${value}, ${shape.count}, (element, index) => ${put})`;
    }
  }
}

function elementAt(element: Shape, where: string): string {
  return `${where} + index * ${sizeOf(element)}`;
}

/** Name of Buffer's method without its `read` or `write`, e.g. `UInt16BE`. */
function accessor(shape: Extract<Shape, { kind: 'int' }>): string {
  const sign = shape.signed ? 'Int' : 'UInt';
  if (shape.size === 1) return `${sign}8`;
  return `${shape.size === 8 ? 'Big' : ''}${sign}${shape.size * 8}${shape.bigEndian ? 'BE' : 'LE'}`;
}
