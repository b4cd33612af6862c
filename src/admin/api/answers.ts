import type { z } from '@hono/zod-openapi';
import { PROBLEM_TYPE, problemSchema } from '../problem.ts';

/** The answers of a route: 200 with this body, or a problem. */
export function answers<Schema extends z.ZodType>(schema: Schema, description: string) {
  return {
    200: { description, content: { 'application/json': { schema } } },
    default: problemAnswer(),
  } as const;
}

/** What every route may answer instead. */
export function problemAnswer() {
  return {
    description: 'What went wrong, and what to do about it.',
    content: { [PROBLEM_TYPE]: { schema: problemSchema } },
  } as const;
}

/**
 * The body of a request.
 * @param hint what to send, as a request: `send {"state": "ready"}`; answers to wrong bodies say it too
 */
export function jsonBody<Schema extends z.ZodType>(schema: Schema, hint: string) {
  return { required: true, description: hint, content: { 'application/json': { schema } } } as const;
}
