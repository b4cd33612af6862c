import type { TargetLatencyReport } from '../../../../src/report/index.ts';
import { millisecondsText } from '../../../../src/units/index.ts';

/** How long a target takes from SYN to SYN-ACK: half of its answers, and the slow ones. */
export function Latency({ of }: { readonly of: TargetLatencyReport | undefined }) {
  if (of === undefined || of.p50Ms === null || of.p95Ms === null || of.p99Ms === null) return <>–</>;
  return (
    <>
      {millisecondsText(of.p50Ms)}
      <small>p95 {millisecondsText(of.p95Ms)}</small>
      <small>p99 {millisecondsText(of.p99Ms)}</small>
    </>
  );
}
