import { deepStrictEqual } from 'node:assert/strict';

/** @throws Error that shows both when they are not alike in every field */
export function expectEqual(what: string, found: unknown, expected: unknown): void {
  try {
    deepStrictEqual(found, expected);
  } catch (cause) {
    throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`, {
      cause,
    });
  }
}

/** @throws Error when the condition does not hold */
export function expectThat(condition: boolean, complaint: string): void {
  if (!condition) throw new Error(complaint);
}
