import type { Context } from 'hono';
import type * as z from 'zod';
import { SluiceError } from '../errors/index.ts';

/** What a request should have said. */
export interface BodyHint {
  /** The name of the thing: `the state of a target`. */
  readonly what: string;
  readonly fix: string;
}

/** Reads the body of a request. @throws SluiceError `usage` with the fields that are wrong */
export async function parseBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  { what, fix }: BodyHint,
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(parseJson(await context.req.text()));
  if (parsed.success) return parsed.data;
  throw new SluiceError('usage', `the body is not ${what}`, {
    fix,
    details: parsed.error.issues.map(({ path, message }) => ({ where: path.join('.') || 'body', message })),
  });
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
