import type { Settings } from '../config/index.ts';
import { type TargetName, targetNameKey } from '../report/index.ts';
import type { KernelSide } from './kernel-side.ts';
import type { Sweeper } from './sweeper.ts';

/** Counts the open flows of targets, TCP and UDP, also of those that get no new ones; 0 for a target that is not known. */
export async function countFlows(
  { state, datapath }: KernelSide,
  sweeper: Sweeper,
  settings: Settings,
  targets: readonly TargetName[],
): Promise<readonly number[]> {
  await sweeper.sweep(settings);
  return targets.map(({ proxy, target }) => {
    const entry = state.targets.get(`${state.proxies.get(proxy)} ${target}`);
    return entry === undefined ? 0 : datapath.activeFlows(entry.id);
  });
}

/** Tells the open flows of each of `targets`, after one count of all of them; null when there are no targets. */
export async function openConnections(
  targets: readonly TargetName[],
  count: (targets: readonly TargetName[]) => Promise<readonly number[]>,
): Promise<((of: TargetName) => number) | null> {
  if (targets.length === 0) return null;
  const counts = await count(targets);
  const open = new Map(targets.map((of, index) => [targetNameKey(of), counts[index] ?? 0]));
  return (of) => open.get(targetNameKey(of)) ?? 0;
}
