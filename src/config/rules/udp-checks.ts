import type { ProxyConfig } from '../model.ts';
import { configuredTargets } from '../pools.ts';
import type { Report } from '../report/report.ts';
import type { Path } from '../source/tree.ts';

/** Warns of checks over TCP of a service that is there over UDP alone: most such targets would be taken for dead. */
export function warnOfTcpChecks(proxy: ProxyConfig, path: Path, report: Report): void {
  if (proxy.listen.protocols.includes('tcp')) return;
  const types = configuredTargets(proxy).map(({ healthCheck }) => (healthCheck ?? proxy.healthCheck).type);
  const type = types.find((each) => each !== 'udp' && each !== 'none');
  if (type === undefined) return;
  report.warning(
    [...path, 'listen'],
    `accepts only UDP, but targets are checked by ${type}, over TCP; set the \`type\` of their \`healthCheck\` to udp or none`,
  );
}
