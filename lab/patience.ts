/** Name of the environment variable that makes a lab wait longer, for machines that are slow by nature (emulated ones). */
export const PATIENCE_VARIABLE = 'SLUICE_LAB_PATIENCE';

/** How many times as patient as on a usual machine to be: what {@link PATIENCE_VARIABLE} says, at least 1. */
export function patience(): number {
  const factor = Number(process.env[PATIENCE_VARIABLE] ?? 1);
  return Number.isFinite(factor) ? Math.max(factor, 1) : 1;
}

/** A time limit for something to start or to answer, stretched by {@link patience}. */
export function patienceMs(limitMs: number): number {
  return limitMs * patience();
}
