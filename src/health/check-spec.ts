import {
  type Config,
  configuredTargets,
  formatEndpoint,
  type HealthCheckConfig,
  type ProxyConfig,
} from '../config/index.ts';

/** One target of a proxy and how it is checked. */
export interface CheckSpec {
  readonly proxy: string;
  /** `10.0.0.1:8080`. */
  readonly target: string;
  readonly ip: string;
  readonly port: number;
  readonly settings: HealthCheckConfig;
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
  return configuredTargets(proxy).flatMap(({ ip, port, healthCheck }) => {
    if (ip === undefined) return [];
    const settings = healthCheck ?? proxy.healthCheck;
    return [{ proxy: proxy.name, target: formatEndpoint({ ip, port }), ip, port, settings }];
  });
}

/** What makes a check another one. */
export function specKey({
  proxy,
  target,
  settings,
}: Pick<CheckSpec, 'proxy' | 'target' | 'settings'>): string {
  return `${targetKey(proxy, target)} ${JSON.stringify(settings)}`;
}

/** What makes a target another one. A name of a proxy may hold spaces; no endpoint does. */
export function targetKey(proxy: string, target: string): string {
  return `${target} ${proxy}`;
}
