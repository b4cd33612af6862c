import type { DnsStatus } from '../dns/index.ts';
import { type FileReport, packageVersion, type StatusReport } from '../report/index.ts';
import type { Convergence } from './convergence.ts';
import { nameWarnings } from './dns-report.ts';
import type { KernelSide } from './kernel-side.ts';
import { proxyReports } from './reports.ts';
import { sizeWarnings } from './size-warnings.ts';

/** What a status is made of. */
export interface StatusParts {
  readonly instance: string;
  readonly startedAt: Date;
  readonly convergence: Pick<Convergence, 'applied' | 'warnings'>;
  readonly kernel: KernelSide;
  readonly names: readonly DnsStatus[];
  readonly file: FileReport | null;
  readonly flows: { readonly active: number; readonly pending: number };
}

/** What is attached, where it listens, and to whom it sends. @throws SluiceError of the kernel */
export function statusReport(parts: StatusParts): StatusReport {
  return { ...balancerReport(parts), proxies: proxyReports(parts.kernel) };
}

/** The same without proxies, whose counters take time to read. @throws SluiceError of the kernel */
export function balancerReport(parts: StatusParts): Omit<StatusReport, 'proxies'> {
  const { instance, startedAt, convergence, kernel, file, flows } = parts;
  const { generation, hash } = kernel.applied;
  return {
    version: packageVersion(),
    instance,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    generation,
    configHash: hash,
    configFile: convergence.applied.file,
    file,
    interfaces: kernel.interfaceReports(),
    flows: { ...flows, max: kernel.datapath.maxFlows },
    warnings: warnings(parts),
  };
}

function warnings({ convergence, kernel, names }: StatusParts): string[] {
  const { applied } = convergence;
  return [
    ...applied.warnings.map(({ where, message }) => `${where}: ${message}`),
    ...convergence.warnings,
    ...sizeWarnings(kernel.datapath, applied.config.settings),
    ...nameWarnings(names),
  ];
}
