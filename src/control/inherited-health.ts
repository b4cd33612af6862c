import { formatEndpoint } from '../config/index.ts';
import type { CheckRecord, CheckSpec } from '../health/index.ts';
import { afterPassive, UNCHECKED } from '../health/index.ts';
import { type TargetName, targetNameKey } from '../report/index.ts';
import { proxyNames } from './reports.ts';
import type { TableState } from './table-state.ts';

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
  const wasOut = withoutShare(state);
  return (spec) => {
    if (!wasOut(spec)) return UNCHECKED;
    return spec.settings.type === 'none' ? TAKEN_OUT : WITHOUT_A_SHARE;
  };
}

/** Tells of a target whether an earlier daemon knew it and gave it nothing. */
export function withoutShare(state: TableState): (of: TargetName) => boolean {
  const served = new Set<number>();
  for (const { slots } of state.pools.values()) for (const id of slots) served.add(id);
  const names = proxyNames(state);
  const out = new Set<string>();
  for (const { id, proxyId, address, port } of state.targets.values()) {
    if (!served.has(id)) {
      const target = formatEndpoint({ ip: address, port });
      out.add(targetNameKey({ proxy: names.get(proxyId) ?? '', target }));
    }
  }
  return (of) => out.has(targetNameKey(of));
}
