import { parsePrefix } from '../address.ts';
import type { Algorithm, SniRouteConfig, SourceRouteConfig } from '../model.ts';
import { sniHostName, source } from '../schema/scalars.ts';
import type { Path } from '../source/tree.ts';
import { readAlgorithm } from './algorithm.ts';
import { type Pool, readPool } from './pool.ts';
import { isRecord } from './raw.ts';
import type { TargetContext } from './target.ts';

/** A route as far as it could be read; `route` is there when all of it could. */
export interface ReadRoute<Route> {
  readonly path: Path;
  /** What it matches, in canonical form. */
  readonly matches: string | undefined;
  readonly pool: Pool | undefined;
  readonly route: Route | undefined;
}

/** Reads one source route. */
export function readSourceRoute(
  raw: unknown,
  path: Path,
  context: TargetContext,
): ReadRoute<SourceRouteConfig> {
  const pool = readRoutePool(raw, path, context);
  const matches = isRecord(raw) ? readSource(raw.source, [...path, 'source'], context) : undefined;
  const algorithm = readRouteAlgorithm(raw, path, context);
  const whole = matches !== undefined && pool?.complete;
  const route = whole ? { source: matches, algorithm, targets: pool.targets } : undefined;
  return { path, matches, pool, route };
}

/** Reads one SNI route. */
export function readSniRoute(raw: unknown, path: Path, context: TargetContext): ReadRoute<SniRouteConfig> {
  const pool = readRoutePool(raw, path, context);
  const name = sniHostName().safeParse(isRecord(raw) ? raw.sniHostname : undefined);
  const matches = name.data?.toLowerCase();
  const algorithm = readRouteAlgorithm(raw, path, context);
  const whole = matches !== undefined && pool?.complete;
  const route = whole ? { sniHostname: matches, algorithm, targets: pool.targets } : undefined;
  return { path, matches, pool, route };
}

function readSource(raw: unknown, path: Path, { report }: TargetContext): string | undefined {
  const text = source().safeParse(raw);
  const prefix = text.success ? parsePrefix(text.data) : undefined;
  if (prefix === undefined || 'problem' in prefix) return undefined;
  if (prefix.hadHostBits) {
    report.warning(path, `${text.data} has bits set behind its prefix length; it is read as ${prefix.text}`);
  }
  return prefix.text;
}

function readRouteAlgorithm(raw: unknown, path: Path, { algorithm, report }: TargetContext): Algorithm {
  return isRecord(raw) ? readAlgorithm(raw, path, algorithm, report) : algorithm;
}

function readRoutePool(raw: unknown, path: Path, context: TargetContext): Pool | undefined {
  if (!isRecord(raw)) return undefined;
  const { target, targets } = raw;
  if ((target === undefined) === (targets === undefined)) {
    const found = target === undefined ? 'neither `target` nor `targets`' : 'both `target` and `targets`';
    context.report.problem(path, `has ${found}, expected one of them`);
    return undefined;
  }
  return target === undefined
    ? readPool(targets, [...path, 'targets'], context)
    : readPool(target, [...path, 'target'], context);
}
