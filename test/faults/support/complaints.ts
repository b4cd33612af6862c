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
      this.note(point, error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** @throws AssertionError with every complaint */
  expectNone(): void {
    expect(this.#found).toEqual([]);
  }
}
