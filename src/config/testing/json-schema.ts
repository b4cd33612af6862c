/** A JSON Schema, as much of it as ours uses. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A property of a schema. */
export interface Property {
  /** Keys from the root; list indices are left out. */
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Every property of a schema and of all that is in it. */
export function properties(schema: unknown, path: readonly string[] = []): readonly Property[] {
  if (!isMap(schema)) return [];
  const own = Object.entries(isMap(schema.properties) ? schema.properties : {}).flatMap(([key, property]) => [
    ...(isMap(property) ? [{ path: [...path, key].join('.'), schema: property }] : []),
    ...properties(property, [...path, key]),
  ]);
  const inner = [schema.items, ...listOf(schema.anyOf)].flatMap((part) => properties(part, path));
  return [...own, ...inner];
}

/** Where a value does not match a schema. A small validator of its own, so that the schema is judged from outside. */
export function mismatches(schema: unknown, value: unknown, path: readonly string[] = []): readonly string[] {
  if (!isMap(schema)) return [];
  const here = path.join('.');
  if (!hasType(schema, value) || !inRange(schema, value)) return [here];
  const anyOf = listOf(schema.anyOf);
  if (anyOf.length > 0 && !anyOf.some((branch) => mismatches(branch, value, path).length === 0))
    return [here];
  const oneOf = listOf(schema.oneOf).filter((branch) => mismatches(branch, value, path).length === 0);
  if (schema.oneOf !== undefined && oneOf.length !== 1) return [here];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => mismatches(schema.items, item, [...path, String(index)]));
  }
  return isMap(value) ? mapMismatches(schema, value, path) : [];
}

function mapMismatches(schema: JsonSchema, value: JsonSchema, path: readonly string[]): readonly string[] {
  const known = isMap(schema.properties) ? schema.properties : {};
  const missing = listOf(schema.required).filter((key) => value[String(key)] === undefined);
  const wrong = Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, key];
    if (key in known) return mismatches(known[key], item, at);
    return schema.additionalProperties === false
      ? [at.join('.')]
      : mismatches(schema.additionalProperties, item, at);
  });
  return [...missing.map((key) => [...path, key].join('.')), ...wrong];
}

function hasType(schema: JsonSchema, value: unknown): boolean {
  switch (schema.type) {
    case 'object':
      return isMap(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'boolean':
      return typeof value === schema.type;
    default:
      return true;
  }
}

function inRange(schema: JsonSchema, value: unknown): boolean {
  const { minimum, maximum, minItems, enum: words } = schema;
  if (words !== undefined && !listOf(words).includes(value)) return false;
  if (typeof value === 'number' && typeof minimum === 'number' && value < minimum) return false;
  if (typeof value === 'number' && typeof maximum === 'number' && value > maximum) return false;
  return !(Array.isArray(value) && typeof minItems === 'number' && value.length < minItems);
}

function isMap(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
