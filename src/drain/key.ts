import type { TargetName } from '../report/index.ts';

/** What tells one target from another, as a key. No endpoint holds a space. */
export function keyOf({ proxy, target }: TargetName): string {
  return `${target} ${proxy}`;
}
