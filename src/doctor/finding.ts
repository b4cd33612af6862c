/** How much a finding matters: `fail` stops traffic, `warn` may, `hint` is for what cannot be seen from here. */
export type FindingLevel = 'ok' | 'hint' | 'warn' | 'fail';

/** What one check found. */
export interface Finding {
  /** Name of the check, e.g. `kernel`. */
  readonly check: string;
  readonly level: FindingLevel;
  /** One line: what was seen, and what follows from it. */
  readonly message: string;
  /** The command or change that mends it. */
  readonly fix?: string;
}

/** A number with its noun: `1 target`, `3 targets`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
