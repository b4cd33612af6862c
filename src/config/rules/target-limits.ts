import type { TargetConfig } from '../model.ts';
import { type Pool, targetName } from '../parts/pool.ts';
import type { Report } from '../report/report.ts';
import type { Path } from '../source/tree.ts';

interface Seen {
  readonly path: Path;
  readonly limit: TargetConfig['rateLimit'];
}

/** A target that several pools of a proxy share is one target, so it has one limit. */
export function checkTargetLimits(pools: readonly (Pool | undefined)[], report: Report): void {
  const first = new Map<string, Seen>();
  for (const pool of pools) {
    for (const target of pool?.targets ?? []) checkTarget(target, pool?.path ?? [], first, report);
  }
}

function checkTarget(target: TargetConfig, path: Path, first: Map<string, Seen>, report: Report): void {
  const name = targetName(target);
  const earlier = first.get(name);
  if (earlier === undefined) {
    first.set(name, { path, limit: target.rateLimit });
  } else if (JSON.stringify(earlier.limit) !== JSON.stringify(target.rateLimit)) {
    const where = report.whereIs(earlier.path);
    report.problem(path, `the target ${name} has another \`rateLimit\` here than in ${where}`);
  }
}
