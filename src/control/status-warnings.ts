import type { Datapath } from '../datapath/index.ts';
import type { DnsStatus } from '../dns/index.ts';
import type { Convergence } from './convergence.ts';
import { nameWarnings } from './dns-report.ts';

/** What an operator should know: of the configuration, of this host, of the tables' size, and of names. */
export function statusWarnings(
  { applied, warnings }: Pick<Convergence, 'applied' | 'warnings'>,
  { maxFlows }: Pick<Datapath, 'maxFlows'>,
  names: readonly DnsStatus[],
): string[] {
  return [
    ...applied.warnings.map(({ where, message }) => `${where}: ${message}`),
    ...warnings,
    ...sizeWarnings(maxFlows, applied.config.settings.maxConnections),
    ...nameWarnings(names),
  ];
}

function sizeWarnings(has: number, wants: number): string[] {
  if (has === wants) return [];
  return [
    `maxConnections is ${wants}, but the table in the kernel was made for ${has}: detach and start to resize`,
  ];
}
