import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, SluiceError } from '../errors/index.ts';

/** Media type of every error of the API (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

const codes = Object.keys(ERROR_CODES);
const isErrorCode = (text: unknown): text is ErrorCode => typeof text === 'string' && codes.includes(text);

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  /** What went wrong, and where. */
  detail: z.string(),
  code: z.custom<ErrorCode>(isErrorCode),
  /** What to do about it. */
  fix: z.string().optional(),
  details: z.array(z.object({ where: z.string(), message: z.string() })).default([]),
});

/** Body of an error answer. */
export type Problem = z.infer<typeof problemSchema>;

/** Turns any error into the body of an answer; what is not a {@link SluiceError} becomes `internal`. */
export function toProblem(error: unknown): Problem {
  const known = toSluiceError(error);
  return {
    type: 'about:blank',
    title: known.code.replaceAll('_', ' '),
    status: known.httpStatus,
    detail: known.message,
    code: known.code,
    ...(known.fix === undefined ? {} : { fix: known.fix }),
    details: [...known.details],
  };
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
