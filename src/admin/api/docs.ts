import { z } from 'zod';
import { RULES } from './docs-text.ts';
import type { apiDocument } from './document.ts';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const parameterSchema = z.object({
  name: z.string(),
  in: z.string(),
  description: z.string().default(''),
  schema: z.looseObject({
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    default: z.json().optional(),
  }),
});
const contentSchema = z.record(
  z.string(),
  z.object({ schema: z.looseObject({ $ref: z.string().optional() }) }),
);
const operationSchema = z.object({
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.object({ description: z.string().default(''), content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: contentSchema.optional() })),
});
const schemaSchema = z.looseObject({
  description: z.string().default(''),
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});
type Operation = z.output<typeof operationSchema>;

/** Renders docs/api.md from the OpenAPI document. */
export function renderApiDocs(document: ReturnType<typeof apiDocument>): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = z.record(z.string(), z.unknown()).parse(item)[method];
      return operation === undefined ? [] : [{ path, method, operation: operationSchema.parse(operation) }];
    }),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const chapters = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `## ${tag}\n\n${own.map((each) => renderOperation(each.method, each.path, each.operation)).join('\n')}`;
  });
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) =>
    renderSchema(name, schemaSchema.parse(schema)),
  );
  return [RULES, ...chapters, `## Bodies\n\n${schemas.sort().join('\n')}`].join('\n');
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const lines = [`### ${method.toUpperCase()} ${path}`, '', operation.summary, ''];
  if (operation.description !== undefined) lines.push(operation.description, '');
  const parameters = operation.parameters.map(
    ({ name, in: where, description, schema }) =>
      `| \`${name}\` | ${where} | ${cell(description)}${rangeText(schema.minimum, schema.maximum)}${presetText(schema.default)} |`,
  );
  if (parameters.length > 0) lines.push('| parameter | in | meaning |', '|---|---|---|', ...parameters, '');
  const { requestBody } = operation;
  if (requestBody !== undefined) {
    lines.push(`Body: ${contentText(requestBody.content)}; ${requestBody.description}.`, '');
  }
  for (const [status, { description, content }] of Object.entries(operation.responses)) {
    if (status === 'default') continue;
    lines.push(`${status}: ${content === undefined ? '' : `${contentText(content)}. `}${description}`, '');
  }
  return lines.join('\n');
}

function renderSchema(
  name: string,
  { description, properties, required }: z.output<typeof schemaSchema>,
): string {
  const rows = Object.entries(properties).map(([field, schema]) => {
    const optional = required.includes(field) ? '' : ' (optional)';
    return `| \`${field}\`${optional} | ${cell(typeText(schema))} | ${cell(textOf(schema, 'description'))} |`;
  });
  const table = rows.length === 0 ? [] : ['| field | type | meaning |', '|---|---|---|', ...rows, ''];
  return [`### ${name}`, '', description, '', ...table].join('\n');
}

function contentText(content: z.output<typeof contentSchema>): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const body = schema.$ref === undefined ? '' : typeText(schema);
      return type === 'application/json'
        ? body
        : [`\`${type}\``, body].filter((text) => text !== '').join(', ');
    })
    .join(' or ');
}

/** `string`, `[Traffic](#traffic)[]`, `"nat" \| "snat"`. */
function typeText(schema: unknown): string {
  const reference = textOf(schema, '$ref');
  if (reference !== '') {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    return `[${name}](#${name.toLowerCase()})`;
  }
  const parsed = typedSchema.safeParse(schema);
  if (!parsed.success) return 'any';
  const { type, enum: words, const: constant, items, anyOf, oneOf } = parsed.data;
  if (constant !== undefined) return `\`${JSON.stringify(constant)}\``;
  if (words !== undefined) return words.map((word) => `\`${JSON.stringify(word)}\``).join(' | ');
  const parts = anyOf ?? oneOf;
  if (parts !== undefined) return parts.map(typeText).join(' | ');
  if (items !== undefined) return `list of ${typeText(items)}`;
  return type === undefined ? 'any' : [type].flat().join(' | ');
}

const typedSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.json()).optional(),
  const: z.json().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

function textOf(schema: unknown, key: string): string {
  const parsed = z.record(z.string(), z.unknown()).safeParse(schema);
  const value = parsed.success ? parsed.data[key] : undefined;
  return typeof value === 'string' ? value : '';
}

function rangeText(minimum: number | undefined, maximum: number | undefined): string {
  return minimum === undefined || maximum === undefined ? '' : ` ${minimum} to ${maximum}.`;
}

function presetText(preset: unknown): string {
  return preset === undefined ? '' : ` Default ${JSON.stringify(preset)}.`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
