import type { Tables } from '../datapath/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { Step } from './plan.ts';
import type { SlotAllocator } from './slot-allocator.ts';
import { listenerKey, routeKey, sniRouteKey, type TableState, targetKey } from './table-state.ts';

/** The writes that steps are made of. */
export type TableWriter = Pick<
  Tables,
  | 'setProxyName'
  | 'setTarget'
  | 'writeSlots'
  | 'setPool'
  | 'setSourceRoute'
  | 'deleteSourceRoute'
  | 'setSourceLimit'
  | 'deleteSourceLimit'
  | 'setSniRoute'
  | 'deleteSniRoute'
  | 'setListener'
  | 'deleteListener'
>;

/** What a step is applied to: the kernel's tables, and what we know of them. */
export interface ApplyContext {
  readonly tables: TableWriter;
  readonly state: TableState;
  readonly slots: SlotAllocator;
}

/** Does one step in the kernel, then notes it in the state. @throws what the kernel refuses. */
export function applyStep(context: ApplyContext, step: Step): void {
  const { tables, state } = context;
  switch (step.kind) {
    case 'name-proxy':
      tables.setProxyName(step.id, step.name);
      state.proxies.set(step.name, step.id);
      return;
    case 'set-target':
      tables.setTarget(step.target);
      state.targets.set(targetKey(step.target.proxyId, step.target.address, step.target.port), step.target);
      return;
    case 'fill-pool':
      fillPool(context, step);
      return;
    case 'free-pool':
      freePool(context, step.id);
      return;
    case 'set-route':
      tables.setSourceRoute(step.route);
      state.routes.set(routeKey(step.route.proxyId, step.route.source), step.route);
      return;
    case 'delete-route':
      tables.deleteSourceRoute(step.route);
      state.routes.delete(routeKey(step.route.proxyId, step.route.source));
      return;
    case 'set-source-limit':
      tables.setSourceLimit(step.limit);
      state.limits.set(step.limit.proxyId, step.limit);
      return;
    case 'delete-source-limit':
      tables.deleteSourceLimit(step.proxyId);
      state.limits.delete(step.proxyId);
      return;
    case 'set-sni-route':
      tables.setSniRoute(step.route);
      state.sniRoutes.set(sniRouteKey(step.route), step.route);
      return;
    case 'delete-sni-route':
      tables.deleteSniRoute(step.route);
      state.sniRoutes.delete(sniRouteKey(step.route));
      return;
    case 'set-listener':
      tables.setListener(step.listener);
      state.listeners.set(listenerKey(step.listener), step.listener);
      return;
    case 'delete-listener':
      tables.deleteListener(step.listener);
      state.listeners.delete(listenerKey(step.listener));
      return;
    default:
      throw new SluiceError('internal', `unknown step ${JSON.stringify(step satisfies never)}`);
  }
}

type FillStep = Extract<Step, { kind: 'fill-pool' }>;

/** Writes the new slots beside the old ones, then flips the pool over in one write. */
function fillPool({ tables, state, slots }: ApplyContext, step: FillStep): void {
  const { id, algorithm, slots: targetIds } = step;
  const old = state.pools.get(id);
  const range = slots.take(targetIds.length);
  try {
    tables.writeSlots(range.slotBase, targetIds);
    tables.setPool({ id, algorithm, ...range });
  } catch (error) {
    slots.free(range);
    throw error;
  }
  state.pools.set(id, { id, algorithm, ...range, slots: targetIds });
  if (old !== undefined) slots.free(old);
}

function freePool({ tables, state, slots }: ApplyContext, id: number): void {
  const old = state.pools.get(id);
  tables.setPool({ id, algorithm: 'weighted-random', slotBase: 0, slotCount: 0 });
  state.pools.delete(id);
  if (old !== undefined) slots.free(old);
}
