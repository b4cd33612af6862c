/** One thing that a soak finds out. */
export interface Check {
  readonly stage: string;
  /** What is checked, in words. */
  readonly name: string;
  /** What was found. */
  readonly figure: string;
  /** What it may be. */
  readonly limit: string;
  readonly passed: boolean;
  /** Examples of what is wrong. */
  readonly complaints: readonly string[];
}

/** A check without its stage. */
export type Finding = Omit<Check, 'stage'>;

/** A count of things that must not happen. */
export function never(name: string, count: number, of: string, complaints: readonly string[] = []): Finding {
  return { name, figure: `${count} of ${of}`, limit: '0', passed: count === 0, complaints };
}

/** A finding that means something only if there was something to look at. */
export function atLeastOne(finding: Finding, things: number): Finding {
  return { ...finding, passed: finding.passed && things > 0 };
}

/** A figure that must be exactly another one. */
export function exactly(name: string, figure: number, limit: number): Finding {
  return { name, figure: String(figure), limit: String(limit), passed: figure === limit, complaints: [] };
}
