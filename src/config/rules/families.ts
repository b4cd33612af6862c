import type { Family } from '../address.ts';
import type { ListenConfig } from '../model.ts';
import { familiesOf } from '../parts/listen.ts';
import type { Pool } from '../parts/pool.ts';
import type { Report } from '../report/report.ts';
import type { Path } from '../source/tree.ts';

/** What the rule on families looks at. */
export interface FamilyParts {
  readonly path: Path;
  readonly listen: ListenConfig | undefined;
  readonly pool: Pool;
  readonly sourceRoutes: readonly RoutePart[];
  readonly sniRoutes: readonly RoutePart[];
}

interface RoutePart {
  readonly matches: string | undefined;
  readonly pool: Pool | undefined;
}

/**
 * Packets are not translated between IPv4 and IPv6: clients, the address they ask for and their target have one
 * family. Reports every part that could never be used, and every address that no target could serve.
 */
export function checkProxyFamilies(parts: FamilyParts, report: Report): void {
  for (const route of parts.sourceRoutes) checkSourceRoute(route, report);
  const listening = parts.listen === undefined ? new Set<Family>() : familiesOf(parts.listen);
  if (listening.size === 0) return;
  const pools = [
    parts.pool,
    ...[...parts.sourceRoutes, ...parts.sniRoutes].flatMap(({ pool }) => pool ?? []),
  ];
  for (const { family, path } of pools) {
    if (family !== undefined && !listening.has(family)) {
      report.problem(
        path,
        `has IPv${family} targets, but \`listen\` has only IPv${otherFamily(family)} addresses; families are not translated`,
      );
    }
  }
  checkEveryFamilyServed(listening, pools, parts.path, report);
}

function checkSourceRoute({ matches, pool }: RoutePart, report: Report): void {
  if (matches === undefined || pool?.family === undefined) return;
  const family: Family = matches.includes(':') ? 6 : 4;
  if (family === pool.family) return;
  report.problem(
    pool.path,
    `has IPv${pool.family} targets, but its \`source\` ${matches} is IPv${family}; families are not translated`,
  );
}

function checkEveryFamilyServed(
  listening: ReadonlySet<Family>,
  pools: readonly Pool[],
  path: Path,
  report: Report,
): void {
  const served = new Set(pools.map(({ family }) => family));
  if (served.has(undefined)) return;
  for (const family of listening) {
    if (served.has(family) || listening.size === 1) continue;
    report.problem(
      [...path, 'listen', 'address'],
      `has IPv${family} addresses, but no target of this proxy is IPv${family}; write one proxy per family`,
    );
  }
}

function otherFamily(family: Family): Family {
  return family === 4 ? 6 : 4;
}
