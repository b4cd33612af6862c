/** Name of the environment variable that makes a lab wait longer, for machines that are slow by nature (emulated ones). */
export const PATIENCE_VARIABLE = 'SLUICE_LAB_PATIENCE';

/** A time limit for something to start or to answer, stretched by the factor in {@link PATIENCE_VARIABLE}; default 1. */
export function patienceMs(limitMs: number): number {
  const factor = Number(process.env[PATIENCE_VARIABLE] ?? 1);
  return factor > 1 ? limitMs * factor : limitMs;
}
