import type { TargetName } from '../report/index.ts';

/** Labels that name a target as the original did. */
export const ENDPOINT_LABELS = ['target_ip', 'target_port'] as const;
/** The same in one proxy. */
export const TARGET_LABELS = ['proxy_name', ...ENDPOINT_LABELS] as const;

/** `10.0.0.1`, `8080` of `10.0.0.1:8080`; IPv6 addresses lose their brackets. */
export function endpointLabels(target: string): [ip: string, port: string] {
  const colon = target.lastIndexOf(':');
  return [target.slice(0, colon).replace(/^\[|\]$/g, ''), target.slice(colon + 1)];
}

/** Values of {@link TARGET_LABELS}. */
export function targetLabels({ proxy, target }: TargetName): [proxy: string, ip: string, port: string] {
  return [proxy, ...endpointLabels(target)];
}
