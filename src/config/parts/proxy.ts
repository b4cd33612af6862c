import type { CircuitBreakerConfig, ListenConfig, ProxyConfig } from '../model.ts';
import { checkProxyFamilies } from '../rules/families.ts';
import { checkProxyProtocol } from '../rules/proxy-protocol.ts';
import { checkSharedTargets } from '../rules/shared-targets.ts';
import { checkRoutesDiffer } from '../rules/unique.ts';
import { type ProxyInput, proxySchema } from '../schema/proxy.ts';
import type { Path } from '../source/tree.ts';
import { readAlgorithm } from './algorithm.ts';
import { readCircuitBreaker } from './circuit-breaker.ts';
import { readProxyHealthCheck } from './health-check.ts';
import { readListen } from './listen.ts';
import { readPool } from './pool.ts';
import { readProxyProtocol } from './proxy-protocol.ts';
import { readProxyRateLimits } from './rate-limits.ts';
import { isRecord, itemsOf } from './raw.ts';
import { readSniRoute, readSourceRoute } from './routes.ts';
import type { TargetContext } from './target.ts';

/** A proxy as far as it could be read; `proxy` is there when all of it could. */
export interface ReadProxy {
  readonly path: Path;
  readonly name: string | undefined;
  readonly listen: ListenConfig | undefined;
  readonly proxy: ProxyConfig | undefined;
}

/** What reading a proxy needs from elsewhere. */
export interface ProxyContext extends TargetContext {
  /** The circuit breaker of proxies that have none of their own. */
  readonly circuitBreaker: CircuitBreakerConfig;
}

/**
 * Reads one proxy part by part, so that the rules are applied to every part that can be read even when others
 * cannot. What the schema refuses is reported elsewhere.
 * @param valid the same as the schema takes it, where that is known
 */
export function readProxy(raw: unknown, path: Path, outer: ProxyContext, valid?: ProxyInput): ReadProxy {
  if (!isRecord(raw)) return { path, name: undefined, listen: undefined, proxy: undefined };
  const healthCheck = readProxyHealthCheck(raw.healthCheck, outer.healthCheckDefaults);
  const algorithm = readAlgorithm(raw, path, outer.algorithm, outer.report);
  const proxyProtocol = readProxyProtocol(raw, outer.proxyProtocol);
  const context = { ...outer, healthCheckDefaults: healthCheck, algorithm, proxyProtocol };
  const rateLimits = readProxyRateLimits(raw.rateLimits, outer.rateLimits);
  const listen = readListen(raw.listen, [...path, 'listen'], context.report);
  const pool = readPool(raw.defaultTarget, [...path, 'defaultTarget'], context, valid?.defaultTarget);
  const sourceRoutes = itemsOf(raw.sourceRoutes).map((route, index) =>
    readSourceRoute(route, [...path, 'sourceRoutes', index], context),
  );
  const sniRoutes = itemsOf(raw.sniRoutes).map((route, index) =>
    readSniRoute(route, [...path, 'sniRoutes', index], context),
  );
  checkRoutesDiffer(sourceRoutes, 'source', context.report);
  checkRoutesDiffer(sniRoutes, 'sniHostname', context.report);
  const pools = [pool, ...[...sourceRoutes, ...sniRoutes].map((route) => route.pool)];
  checkSharedTargets(pools, context.report);
  checkProxyProtocol(pools, listen, context.report);
  checkProxyFamilies({ path, listen, pool, sourceRoutes, sniRoutes }, context.report);
  const sniWithoutTcp = sniRoutes.length > 0 && listen?.protocols.includes('tcp') === false;
  if (sniWithoutTcp) {
    context.report.problem([...path, 'sniRoutes'], 'SNI routes need TCP, but `listen` accepts only UDP');
  }
  const data = valid ?? proxySchema.safeParse(raw).data;
  const proxy: ProxyConfig | undefined = data &&
    listen && {
      name: data.name,
      listen,
      mode: data.mode,
      algorithm,
      healthCheck,
      rateLimits,
      circuitBreaker: readCircuitBreaker(raw.circuitBreaker, context.circuitBreaker),
      ...(proxyProtocol && { proxyProtocol }),
      defaultTargets: pool.targets,
      sourceRoutes: sourceRoutes.flatMap(({ route }) => route ?? []),
      sniRoutes: sniRoutes.flatMap(({ route }) => route ?? []),
    };
  return { path, name: nameOf(raw.name), listen, proxy };
}

function nameOf(name: unknown): string | undefined {
  return typeof name === 'string' ? name : undefined;
}
