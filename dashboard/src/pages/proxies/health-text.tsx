import type { TargetHealthReport } from '../../../../src/report/index.ts';
import { millisecondsText } from '../../../../src/units/index.ts';
import { ago } from '../../format/times.ts';

/** What checks say of a target. */
export function HealthText({ health }: { readonly health: TargetHealthReport | undefined }) {
  if (health === undefined || health.check === 'none') return <span class="faint">not checked</span>;
  const { status, manual, lastMessage, lastLatencyMs, lastCheckedAt } = health;
  const found = lastMessage ?? (status === 'unknown' ? 'waiting for the first check' : status);
  const latency = lastLatencyMs === null ? '' : millisecondsText(lastLatencyMs);
  const checked = lastCheckedAt === null ? '' : ago(lastCheckedAt, Date.now());
  return (
    <div class="health">
      {manual === null ? found : `set ${manual} by hand`}
      <small>{[latency, checked].filter((text) => text !== '').join(', ')}</small>
    </div>
  );
}
