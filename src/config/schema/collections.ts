import * as z from 'zod';

/**
 * A map with these keys and no others. The message of an unknown key is the list of the known ones, separated by
 * spaces: `report/issues.ts` finds the nearest among them.
 */
export function map<Shape extends z.core.$ZodLooseShape>(shape: Shape, expected: string) {
  const knownKeys = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? knownKeys : `expected ${expected}`),
  });
}

/** A list of one or more. */
export function list<Item extends z.core.SomeType>(item: Item, expected: string) {
  const error = `expected ${expected}`;
  return z.array(item, { error }).min(1, { error });
}

/** One, or a list of one or more. */
export function oneOrMany<Item extends z.core.SomeType>(item: Item, expected: string) {
  return z.union([item, list(item, expected)], { error: `expected ${expected}` });
}

/**
 * A setting that files written for the original may have and that this version does not read. It is accepted
 * with any value; `not-in-effect.ts` has the warning.
 */
export function unread() {
  return z
    .unknown()
    .optional()
    .describe('Accepted for files written for the original; not in effect, and its value is not checked.');
}
