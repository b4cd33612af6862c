import type { CheckRecord, CheckSpec } from '../health/index.ts';
import { afterPassive, UNCHECKED } from '../health/index.ts';
import { type TableState, targetKey } from './table-state.ts';

const REASON = 'had no share when this daemon took over';
const WITHOUT_A_SHARE: CheckRecord = {
  ...UNCHECKED,
  state: { status: 'unhealthy', successes: 0, reason: REASON },
};
/** Only clients can have taken out a target that has no check. */
const TAKEN_OUT: CheckRecord = { ...UNCHECKED, state: afterPassive(REASON) };

/**
 * What a new daemon assumes of a target. The health of an earlier daemon's targets is not kept, but its tables are: a target
 * that it knew and that no slot points to was out of service, and must prove itself before it gets connections.
 */
export function inheritedHealth(state: TableState): (spec: CheckSpec) => CheckRecord {
  const served = new Set<number>();
  for (const { slots } of state.pools.values()) for (const id of slots) served.add(id);
  return ({ proxy, ip, port, settings }) => {
    const proxyId = state.proxies.get(proxy);
    const target = proxyId === undefined ? undefined : state.targets.get(targetKey(proxyId, ip, port));
    if (target === undefined || served.has(target.id)) return UNCHECKED;
    return settings.type === 'none' ? TAKEN_OUT : WITHOUT_A_SHARE;
  };
}
