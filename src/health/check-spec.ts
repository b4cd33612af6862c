import {
  type Config,
  configuredTargets,
  formatEndpoint,
  type HealthCheckConfig,
  type ProxyConfig,
} from '../config/index.ts';
import { type TargetName, targetNameKey } from '../report/index.ts';

/** One target of a proxy and how it is checked. */
export interface CheckSpec extends TargetName {
  readonly ip: string;
  readonly port: number;
  readonly settings: HealthCheckConfig;
  /** Whether it gets a header of the PROXY protocol from clients, and so from checks. */
  readonly proxyProtocol?: boolean | undefined;
}

/**
 * Every target that has an address, with its check: once for each proxy and different settings. None when health checks
 * are off.
 */
export function checkSpecs(config: Config): readonly CheckSpec[] {
  if (!config.settings.healthCheckEnabled) return [];
  const specs = new Map<string, CheckSpec>();
  for (const proxy of config.proxies) {
    for (const spec of specsOf(proxy)) specs.set(specKey(spec), spec);
  }
  return [...specs.values()];
}

function specsOf(proxy: ProxyConfig): readonly CheckSpec[] {
  return configuredTargets(proxy).flatMap(({ ip, port, healthCheck, proxyProtocol: header }) => {
    if (ip === undefined) return [];
    const settings = healthCheck ?? proxy.healthCheck;
    const proxyProtocol = header !== undefined;
    return [{ proxy: proxy.name, target: formatEndpoint({ ip, port }), ip, port, settings, proxyProtocol }];
  });
}

/** What makes a check another one. */
export function specKey(spec: Pick<CheckSpec, 'proxy' | 'target' | 'settings'>): string {
  return `${targetNameKey(spec)} ${JSON.stringify(spec.settings)}`;
}
