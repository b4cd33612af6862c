import { expect } from 'vitest';

/** What a sweep finds wrong at its points: all of it is told at the end, not only the first. */
export class Complaints {
  readonly #found: string[] = [];

  /** Notes what is wrong at a point; null is nothing. */
  note(point: string, complaint: string | null): void {
    if (complaint !== null) this.#found.push(`${point}: ${complaint}`);
  }

  /** Runs the work of a point; what it throws is noted. @returns whether it threw nothing */
  async at(point: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.note(point, wordsOf(error));
      return false;
    }
  }

  /** @throws AssertionError with every complaint */
  expectNone(): void {
    expect(this.#found).toEqual([]);
  }
}

/** What an error says; of an assertion also what was there, which its message cuts short. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('actual' in error && 'expected' in error)) return error.message;
  return `${error.message}; there was ${JSON.stringify(error.actual)} instead of ${JSON.stringify(error.expected)}`;
}
