import type { Datapath } from '../datapath/index.ts';
import type { InterfaceReport } from '../report/index.ts';
import { applyStep } from './apply.ts';
import { attachInterfaces, detachOthers } from './attachments.ts';
import type { DesiredInterface, DesiredState } from './desired.ts';
import type { HostView } from './host-view.ts';
import { loadTables } from './load-tables.ts';
import { plan } from './plan.ts';
import { SlotAllocator } from './slot-allocator.ts';
import type { TableState } from './table-state.ts';

const NOTHING: DesiredState = { proxies: [], interfaces: [], missing: [] };

/** The data path and what we know of its content; the one place that changes both. */
export class KernelSide {
  readonly datapath: Datapath;
  readonly state: TableState;
  readonly #slots: SlotAllocator;
  #desired: DesiredState = NOTHING;
  #attached: readonly DesiredInterface[] = [];

  private constructor(datapath: Datapath, state: TableState) {
    this.datapath = datapath;
    this.state = state;
    this.#slots = new SlotAllocator(datapath.limits.slots, state.pools.values());
  }

  /** Reads what the data path holds. */
  static async open(datapath: Datapath): Promise<KernelSide> {
    return new KernelSide(datapath, await loadTables(datapath.tables));
  }

  /** What was applied last. */
  get desired(): DesiredState {
    return this.#desired;
  }

  /**
   * Brings the kernel to `desired` and notes the configuration's hash; returns warnings.
   * @throws SluiceError; what was in force before is in force again
   */
  converge(desired: DesiredState, host: HostView, configHash: Buffer): string[] {
    const steps = plan(this.state, desired, this.datapath.limits);
    const { attached, warnings, undo } = attachInterfaces(this.datapath, desired.interfaces);
    try {
      for (const step of steps) applyStep(this.#context(), step);
    } catch (error) {
      undo();
      this.#restore();
      throw error;
    }
    detachOthers(this.datapath, attached, host);
    this.#desired = desired;
    this.#attached = attached;
    this.#noteGeneration(configHash, steps.length > 0);
    return [...warnings];
  }

  interfaceReports(): InterfaceReport[] {
    const attached = this.#attached.map(({ name, ifindex, role }) => ({
      name,
      index: ifindex,
      role,
      mode: this.datapath.attachment(ifindex)?.mode ?? ('detached' as const),
    }));
    const missing = this.#desired.missing.map((entry) => ({
      ...entry,
      index: 0,
      mode: 'detached' as const,
    }));
    return [...attached, ...missing];
  }

  #context() {
    return { tables: this.datapath.tables, state: this.state, slots: this.#slots };
  }

  /** Undoes half a plan by planning back to what was desired before. */
  #restore(): void {
    if (this.#desired === NOTHING) return;
    for (const step of plan(this.state, this.#desired, this.datapath.limits))
      applyStep(this.#context(), step);
  }

  #noteGeneration(configHash: Buffer, changed: boolean): void {
    const metadata = this.datapath.tables.metadata();
    if (!changed && configHash.equals(metadata.configHash)) return;
    this.datapath.tables.setMetadata({ ...metadata, configHash, generation: metadata.generation + 1n });
  }
}
