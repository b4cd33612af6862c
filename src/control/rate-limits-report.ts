import type { Config, ProxyConfig } from '../config/index.ts';
import { type Datapath, type SourceRefusals, translateErrorsOf } from '../datapath/index.ts';
import type {
  LimitedSource,
  LimitedTarget,
  ProxyRateLimitsReport,
  RateLimitsReport,
} from '../report/index.ts';
import type { DesiredState, DesiredTarget } from './desired.ts';
import { poolsOf, targetName } from './pool-weights.ts';
import { limitOf } from './rate-rule.ts';
import { type TableState, targetKey } from './table-state.ts';

/** What the report is made of. */
export interface RateLimitsContext {
  readonly datapath: Pick<Datapath, 'rates'>;
  readonly state: Pick<TableState, 'proxies' | 'targets'>;
  readonly desired: DesiredState;
}

const RECENT_MS = 10_000;
const MAX_SOURCES = 20;
const NS_PER_MS = 1_000_000n;

/**
 * The limits of all proxies, and whom they hold back.
 * @param nowNs CLOCK_MONOTONIC, the clock of the kernel's side
 * @throws SluiceError of the kernel
 */
export function rateLimitsReport(
  context: RateLimitsContext,
  { proxies }: Config,
  nowNs: bigint = process.hrtime.bigint(),
): Promise<RateLimitsReport> {
  const sinceNs = nowNs - BigInt(RECENT_MS) * NS_PER_MS;
  const isLimited = proxies.some(({ rateLimits }) => rateLimits.perSource !== null);
  return translateErrorsOf('reading the limits', async () => {
    const sources = isLimited ? await context.datapath.rates.sourceRefusals(sinceNs) : [];
    return { proxies: proxies.map((proxy) => proxyReport(context, proxy, sources, nowNs)) };
  });
}

function proxyReport(
  context: RateLimitsContext,
  { name, rateLimits }: ProxyConfig,
  sources: readonly SourceRefusals[],
  nowNs: bigint,
): ProxyRateLimitsReport {
  const id = context.state.proxies.get(name);
  const ago = (ns: bigint) => Math.max(0, Number((nowNs - ns) / NS_PER_MS));
  const limited = sources
    .filter(({ proxyId }) => proxyId === id)
    .sort((a, b) => b.refused - a.refused)
    .slice(0, MAX_SOURCES)
    .map(({ source, refused, refusedNs }): LimitedSource => {
      const bits = source.includes(':') ? rateLimits.ipv6PrefixLength : rateLimits.ipv4PrefixLength;
      const isWhole = bits === (source.includes(':') ? 128 : 32);
      return { source: isWhole ? source : `${source}/${bits}`, dropped: refused, agoMs: ago(refusedNs) };
    });
  return {
    proxy: name,
    ...rateLimits,
    dropped: id === undefined ? { source: 0, target: 0 } : context.datapath.rates.drops(id),
    limitedSources: limited,
    targets: id === undefined ? [] : limitedTargets(context, name, id, ago),
  };
}

function limitedTargets(
  { datapath, state, desired }: RateLimitsContext,
  proxy: string,
  proxyId: number,
  ago: (ns: bigint) => number,
): LimitedTarget[] {
  const found = desired.proxies.find(({ name }) => name === proxy);
  const targets = new Map<string, DesiredTarget>();
  for (const pool of found === undefined ? [] : poolsOf(found)) {
    for (const target of pool.targets) targets.set(targetName(target), target);
  }
  return [...targets].flatMap(([target, rule]): LimitedTarget[] => {
    const limit = limitOf(rule);
    const entry = state.targets.get(targetKey(proxyId, rule.address, rule.port));
    if (limit === null || entry === undefined) return [];
    const { refused, refusedNs } = datapath.rates.targetRefusals(entry.id);
    return [{ target, limit, refused, agoMs: refused === 0 ? null : ago(refusedNs) }];
  });
}
