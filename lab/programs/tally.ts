/** Does a piece of work for each number from 0 on, some at the same time. @throws what `work` throws */
export async function concurrently(
  { count, concurrency }: { readonly count: number; readonly concurrency: number },
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
}

/** Counts a failure by its error code, or by what it says where it has none. */
export function countError(errors: Record<string, number>, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  errors[code] = (errors[code] ?? 0) + 1;
}
