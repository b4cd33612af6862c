import { parsePrefix } from '../address.ts';
import type { SniRouteConfig, SourceRouteConfig } from '../model.ts';
import { sniHostName, source } from '../schema/scalars.ts';
import type { Path } from '../source/tree.ts';
import { readAlgorithm } from './algorithm.ts';
import { type Pool, readPool } from './pool.ts';
import { readProxyProtocol } from './proxy-protocol.ts';
import { isRecord } from './raw.ts';
import type { TargetContext } from './target.ts';

const SOURCE = source();
const SNI_HOST_NAME = sniHostName();

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
  outer: TargetContext,
): ReadRoute<SourceRouteConfig> {
  const context = within(raw, path, outer);
  const pool = readRoutePool(raw, path, context);
  const matches = isRecord(raw) ? readSource(raw.source, [...path, 'source'], context) : undefined;
  const whole = matches !== undefined && pool?.complete;
  const route = whole ? { source: matches, ...chosen(context), targets: pool.targets } : undefined;
  return { path, matches, pool, route };
}

/** Reads one SNI route. */
export function readSniRoute(raw: unknown, path: Path, outer: TargetContext): ReadRoute<SniRouteConfig> {
  const context = within(raw, path, outer);
  const pool = readRoutePool(raw, path, context);
  const name = SNI_HOST_NAME.safeParse(isRecord(raw) ? raw.sniHostname : undefined);
  const matches = name.data?.toLowerCase();
  const whole = matches !== undefined && pool?.complete;
  const route = whole ? { sniHostname: matches, ...chosen(context), targets: pool.targets } : undefined;
  return { path, matches, pool, route };
}

function readSource(raw: unknown, path: Path, { report }: TargetContext): string | undefined {
  const text = SOURCE.safeParse(raw);
  const prefix = text.success ? parsePrefix(text.data) : undefined;
  if (prefix === undefined || 'problem' in prefix) return undefined;
  if (prefix.hadHostBits) {
    report.warning(path, `${text.data} has bits set behind its prefix length; it is read as ${prefix.text}`);
  }
  return prefix.text;
}

/** What the targets of a route inherit from it. */
function within(raw: unknown, path: Path, outer: TargetContext): TargetContext {
  if (!isRecord(raw)) return outer;
  const algorithm = readAlgorithm(raw, path, outer.algorithm, outer.report);
  return { ...outer, algorithm, proxyProtocol: readProxyProtocol(raw, outer.proxyProtocol) };
}

function chosen({
  algorithm,
  proxyProtocol,
}: TargetContext): Pick<SourceRouteConfig, 'algorithm' | 'proxyProtocol'> {
  return { algorithm, ...(proxyProtocol && { proxyProtocol }) };
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
