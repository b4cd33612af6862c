import type { TargetConfig } from '../model.ts';
import { type Pool, targetName } from '../parts/pool.ts';
import type { Report } from '../report/report.ts';
import type { Path } from '../source/tree.ts';

interface Seen {
  readonly path: Path;
  readonly target: TargetConfig;
}

/** What a target has one of, in however many pools it is. */
const ONCE = ['rateLimit', 'proxyProtocol'] as const;

/** A target that several pools of a proxy share is one target, so it has one limit and one header. */
export function checkSharedTargets(pools: readonly (Pool | undefined)[], report: Report): void {
  const first = new Map<string, Seen>();
  for (const pool of pools) {
    for (const target of pool?.targets ?? []) checkTarget(target, pool?.path ?? [], first, report);
  }
}

function checkTarget(target: TargetConfig, path: Path, first: Map<string, Seen>, report: Report): void {
  const name = targetName(target);
  const earlier = first.get(name);
  if (earlier === undefined) {
    first.set(name, { path, target });
    return;
  }
  const where = report.whereIs(earlier.path);
  for (const field of ONCE) {
    if (JSON.stringify(earlier.target[field]) === JSON.stringify(target[field])) continue;
    report.problem(path, `the target ${name} has another \`${field}\` here than in ${where}`);
  }
}
