/** The end of a verifier log, made short. */
export interface VerifierSummary {
  /** The line that says why. */
  readonly reason: string;
  /** The C line that the verifier was at; undefined when the object has no line information. */
  readonly source: string | undefined;
}

/** What it took the verifier to accept a program. */
export interface VerifierStatistics {
  /** Instructions that it looked at, each as often as it did. The kernel's limit is 1,000,000. */
  readonly instructions: number;
  /** Bytes of stack of the program and of each function that it calls, the program first. The limit of a chain is 512. */
  readonly stackBytes: readonly number[];
}

/** Reads the statistics at the end of a verifier log; undefined when there are none. */
export function readVerifierStatistics(log: string): VerifierStatistics | undefined {
  const instructions = /^processed (\d+) insns/m.exec(log)?.[1];
  const stack = /^stack depth (\d+(?:\+\d+)*)/m.exec(log)?.[1];
  if (instructions === undefined || stack === undefined) return undefined;
  return { instructions: Number(instructions), stackBytes: stack.split('+').map(Number) };
}

/** Finds the one useful line of a verifier log: the last one before the statistics, and the C line before it. */
export function summarizeVerifierLog(log: string): VerifierSummary | undefined {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const end = lines.findIndex((line) => line.startsWith('processed '));
  const said = end === -1 ? lines : lines.slice(0, end);
  const reason = said.findLast((line) => !line.startsWith(';') && !isMark(line));
  if (reason === undefined) return undefined;
  const source = said.findLast((line) => line.startsWith(';'));
  return { reason, source: source?.replace(/^;\s*/, '') };
}

function isMark(line: string): boolean {
  return /^-- (BEGIN|END) PROG LOAD LOG --$/.test(line);
}
