import { SluiceError } from './sluice-error.ts';

/** One thing to take back: what it is called in errors, and the work. */
export interface WayBack {
  readonly where: string;
  readonly work: () => void;
}

/**
 * Takes back what was done before `error`, as far as the kernel lets it, and returns the error to throw: the same one,
 * or, when something could not be taken back, one that says so.
 */
export function takeBack(error: unknown, ways: readonly WayBack[]): unknown {
  const failures = ways.flatMap(({ where, work }) => {
    try {
      work();
      return [];
    } catch (failure) {
      return [{ where, message: `not as before: ${messageOf(failure)}` }];
    }
  });
  if (failures.length === 0) return error;
  const known = error instanceof SluiceError ? error : undefined;
  return new SluiceError(known?.code ?? 'internal', `${messageOf(error)}; the way back failed as well`, {
    details: [...(known?.details ?? []), ...failures],
    fix: 'nothing yet: it is tried again by itself while the daemon runs, and at its next start',
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
