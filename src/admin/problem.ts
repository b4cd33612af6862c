import { STATUS_CODES } from 'node:http';
import { z } from '@hono/zod-openapi';
import { ERROR_CODES, type ErrorCode, SluiceError } from '../errors/index.ts';

/** Media type of every error of the API (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

const codes = Object.keys(ERROR_CODES);
const isErrorCode = (text: unknown): text is ErrorCode => typeof text === 'string' && codes.includes(text);

const detailSchema = z
  .object({
    where: z.string().describe('`file:line:col`, a field, a parameter, or the name of a thing.'),
    message: z.string().describe('What is wrong and what was expected.'),
    pointer: z.string().optional().describe('JSON pointer (RFC 6901) to the field of the body.'),
  })
  .describe('One of several things that are wrong.');

/** An error as the API tells it. */
export const problemSchema = z
  .object({
    type: z.string().describe('Always `about:blank`: `code` says what it is.'),
    title: z.string().describe('The words of the HTTP status.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What went wrong, and where.'),
    code: z
      .custom<ErrorCode>(isErrorCode)
      .openapi({ type: 'string', enum: codes })
      .describe('One of a closed list of codes; docs/cli.md tells them.'),
    fix: z.string().optional().describe('What to do about it.'),
    details: z.array(detailSchema).default([]).describe('Every problem, when there are several.'),
  })
  .openapi('Problem', { description: 'An error (RFC 9457).' });

/** Body of an error answer. */
export type Problem = z.infer<typeof problemSchema>;

/** Turns any error into the body of an answer; what is not a {@link SluiceError} becomes `internal`. */
export function toProblem(error: unknown): Problem {
  const known = toSluiceError(error);
  return problemWithStatus(known, known.httpStatus);
}

/** An error with another status than that of its code: HTTP has more words for a request that cannot be used. */
export function problemWithStatus({ code, message, fix, details }: SluiceError, status: number): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? code,
    status,
    detail: message,
    code,
    ...(fix === undefined ? {} : { fix }),
    details: details.map((detail) => ({ ...detail })),
  };
}

/** An error as an answer. */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': PROBLEM_TYPE, ...headers },
  });
}

function toSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SluiceError('internal', `unexpected error: ${message}`, { cause: error });
}

/** Turns the body of an error answer back into the error; null when it is not one of ours. */
export function fromProblem(body: unknown): SluiceError | null {
  const parsed = problemSchema.safeParse(body);
  if (!parsed.success) return null;
  const { code, detail, fix, details } = parsed.data;
  return new SluiceError(code, detail, { fix, details });
}
