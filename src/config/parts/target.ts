import { parseUnicastAddress } from '../address.ts';
import type {
  Algorithm,
  HealthCheckConfig,
  ProxyProtocol,
  RateLimitsConfig,
  TargetConfig,
} from '../model.ts';
import type { Report } from '../report/report.ts';
import { type TargetInput, targetSchema } from '../schema/target.ts';
import type { Path } from '../source/tree.ts';
import { healthCheckOf } from './health-check.ts';
import { readProxyProtocol } from './proxy-protocol.ts';
import { rateLimitOf } from './rate-limits.ts';

const DEFAULT_DNS_REFRESH_SECONDS = 30;

/** What reading a target needs from elsewhere. */
export interface TargetContext {
  readonly report: Report;
  readonly healthCheckDefaults: HealthCheckConfig;
  /** How a proxy or a route chooses that does not say it. */
  readonly algorithm: Algorithm;
  readonly rateLimits: RateLimitsConfig;
  /** The header of targets that do not say whether they get one. */
  readonly proxyProtocol?: ProxyProtocol | undefined;
}

/**
 * Reads one target; undefined when the schema refuses it or the rules do.
 * @param weight its weight if it names none
 * @param valid the same as the schema takes it, where that is known
 */
export function readTarget(
  raw: unknown,
  path: Path,
  weight: number,
  context: TargetContext,
  valid?: TargetInput,
): TargetConfig | undefined {
  const input = valid ?? targetSchema.safeParse(raw).data;
  if (input === undefined) return undefined;
  if ((input.ip === undefined) === (input.host === undefined)) {
    const found = input.ip === undefined ? 'neither `ip` nor `host`' : 'both `ip` and `host`';
    context.report.problem(path, `has ${found}, expected one of them`);
    return undefined;
  }
  if (input.host === undefined && input.dnsRefreshSeconds !== undefined) {
    context.report.warning([...path, 'dnsRefreshSeconds'], 'has no effect on a target with `ip`');
  }
  const proxyProtocol = readProxyProtocol(input, context.proxyProtocol);
  return {
    ...addressOf(input),
    port: input.port,
    weight: input.weight ?? weight,
    ...(input.healthCheck && { healthCheck: healthCheckOf(input.healthCheck, context.healthCheckDefaults) }),
    ...(input.rateLimit && { rateLimit: rateLimitOf(input.rateLimit) }),
    ...(proxyProtocol && { proxyProtocol }),
  };
}

function addressOf(input: TargetInput): Pick<TargetConfig, 'ip' | 'host' | 'dnsRefreshSeconds'> {
  if (input.ip !== undefined) {
    const address = parseUnicastAddress(input.ip);
    return { ip: 'problem' in address ? input.ip : address.text };
  }
  return {
    ...(input.host !== undefined && { host: input.host.toLowerCase() }),
    dnsRefreshSeconds: input.dnsRefreshSeconds ?? DEFAULT_DNS_REFRESH_SECONDS,
  };
}
