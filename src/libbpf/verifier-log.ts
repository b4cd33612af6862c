/** The end of a verifier log, made short. */
export interface VerifierSummary {
  /** The line that says why. */
  readonly reason: string;
  /** The C line that the verifier was at; undefined when the object has no line information. */
  readonly source: string | undefined;
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
