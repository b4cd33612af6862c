import type { TargetLatencyReport } from '../../../../src/report/index.ts';
import { milliseconds } from '../../format/numbers.ts';

/** How long a target takes from SYN to SYN-ACK: half of its answers, and the slow ones. */
export function Latency({ of }: { readonly of: TargetLatencyReport | undefined }) {
  if (of === undefined || of.p50Ms === null || of.p95Ms === null || of.p99Ms === null) return <>–</>;
  return (
    <>
      {milliseconds(of.p50Ms)}
      <small>p95 {milliseconds(of.p95Ms)}</small>
      <small>p99 {milliseconds(of.p99Ms)}</small>
    </>
  );
}
