import type { Plan } from './plan.ts';
import type { Drain } from './record.ts';
import { askPatiently } from './stage/ask.ts';
import type { Stage } from './stage/stage.ts';
import { holdsWithin } from './stage/wait.ts';

/** Longer than the clients' patience. */
const FINISH_MS = 60_000;
/** Timeouts of connections, and sweeps, beyond that of UDP. */
const SPARE_MS = 12_000;

/**
 * Lets the short connections end, then the held ones, and looks what the flow table still holds each time, once its
 * timeouts have passed.
 * @throws Error when a client does not come to an end
 */
export async function drain(stage: Stage, plan: Plan, signal: AbortSignal): Promise<Drain> {
  const timeoutMs = plan.udpTimeoutSec * 1000 + SPARE_MS;
  for (const churn of stage.churns) churn.finish();
  await finished(stage, () => stage.churns.every(({ count }) => count.idle), signal);
  const held = stage.holder.count.open;
  let afterChurn = Number.NaN;
  await holdsWithin(timeoutMs, signal, async () => {
    const { active, pending } = (await askPatiently(() => stage.daemon.admin.status())).flows;
    afterChurn = active + pending;
    return afterChurn === held;
  });
  stage.holder.finish();
  await finished(stage, () => stage.holder.count.closed, signal);
  let atEnd = Number.NaN;
  await holdsWithin(timeoutMs, signal, async () => {
    atEnd = (await askPatiently(() => stage.daemon.admin.connections())).total;
    return atEnd === 0;
  });
  await freshReports(stage, signal);
  return { held, afterChurn, atEnd };
}

async function finished(stage: Stage, condition: () => boolean, signal: AbortSignal): Promise<void> {
  if (await holdsWithin(FINISH_MS, signal, condition)) return;
  throw new Error(`soak: the clients of ${stage.name} did not come to an end`);
}

/** Servers report four times a second: two reports later everything that has happened is in. */
async function freshReports(stage: Stage, signal: AbortSignal): Promise<void> {
  const goals = stage.servers.map((server) => server.reports + 2);
  const came = () => stage.servers.every((server, index) => server.reports >= (goals[index] ?? 0));
  await finished(stage, came, signal);
}
