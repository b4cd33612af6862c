import type { ListenConfig } from '../model.ts';
import { type Pool, targetName } from '../parts/pool.ts';
import type { Report } from '../report/report.ts';

/** The header is of TCP: a target that is to get one must get nothing else, or it would not know whom to believe. */
export function checkProxyProtocol(
  pools: readonly (Pool | undefined)[],
  listen: ListenConfig | undefined,
  report: Report,
): void {
  if (!listen?.protocols.includes('udp')) return;
  for (const pool of pools) {
    const target = pool?.targets.find(({ proxyProtocol }) => proxyProtocol !== undefined);
    if (pool === undefined || target === undefined) continue;
    const found = listen.protocols.includes('tcp') ? 'UDP too' : 'only UDP';
    report.problem(
      pool.path,
      `the target ${targetName(target)} has \`proxyProtocol\`, which is for TCP, but \`listen\` accepts ${found}; write \`protocol: tcp\` there, and another proxy for UDP`,
    );
  }
}
