import { setTimeout as sleep } from 'node:timers/promises';
import { type KernelSnapshot, snapshotOwn } from './snapshot.ts';

const POLL_MS = 100;
const PATIENCE_MS = 5_000;
const KINDS = ['namespaces', 'processes', 'programs', 'maps', 'links', 'pins'] as const;

/**
 * Waits until nothing exists that did not exist in `before`, but for what others hold: the kernel frees namespaces and
 * programs a moment after their last user is gone.
 * @throws Error that names every leak, after 5 s. Something that comes and goes meanwhile is not one.
 */
export async function assertNoLeaks(before: KernelSnapshot, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let leaks = added(before, await snapshotOwn());
  while (leaks.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS);
    const now = new Set(added(before, await snapshotOwn()));
    leaks = leaks.filter((leak) => now.has(leak));
  }
  if (leaks.length > 0) throw new Error(`left behind:\n  ${leaks.join('\n  ')}`);
}

/** What is in `after` and not in `before`, as `kind: name`. */
export function added(before: KernelSnapshot, after: KernelSnapshot): readonly string[] {
  return KINDS.flatMap((kind) => {
    const known = new Set(before[kind]);
    return after[kind].filter((name) => !known.has(name)).map((name) => `${kind}: ${name}`);
  });
}
