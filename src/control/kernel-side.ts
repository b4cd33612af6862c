import { type Datapath, translateErrors, translateErrorsOf } from '../datapath/index.ts';
import { takeBack } from '../errors/index.ts';
import type { InterfaceReport } from '../report/index.ts';
import { applyStep } from './apply.ts';
import { attachInterfaces, detachOthers } from './attachments.ts';
import { changeSecret } from './cookie-secrets.ts';
import type { DesiredInterface, DesiredState } from './desired.ts';
import type { HostView } from './host-view.ts';
import { loadTables } from './load-tables.ts';
import { plan, type Step } from './plan.ts';
import { copyState, planBack } from './plan-back.ts';
import { SlotAllocator } from './slot-allocator.ts';
import { SlotMemo } from './slot-memo.ts';
import type { TableState } from './table-state.ts';

const NOTHING: DesiredState = { proxies: [], hashTableSize: 0, interfaces: [], missing: [] };

/** The data path and what we know of its content; the one place that changes both. */
export class KernelSide {
  readonly datapath: Datapath;
  readonly state: TableState;
  readonly #slots: SlotAllocator;
  readonly #memo = new SlotMemo();
  #desired: DesiredState = NOTHING;
  #attached: readonly DesiredInterface[] = [];
  #unfinished = false;
  #noted: ReturnType<Datapath['tables']['metadata']>;

  private constructor(datapath: Datapath, state: TableState) {
    this.datapath = datapath;
    this.state = state;
    this.#noted = datapath.tables.metadata();
    this.#slots = new SlotAllocator(datapath.limits.slots, state.pools.values());
  }

  /** Reads what the data path holds. @throws SluiceError of the kernel */
  static async open(datapath: Datapath): Promise<KernelSide> {
    const state = await translateErrorsOf('reading the tables', () => loadTables(datapath.tables));
    if (!datapath.tables.hasSecret()) changeSecret(datapath.tables);
    return translateErrors('reading the tables', () => new KernelSide(datapath, state));
  }

  /** Configurations applied so far, and the SHA-256 of the last. Telling it asks the kernel nothing, so it cannot fail. */
  get applied(): { readonly generation: number; readonly hash: string } {
    const { generation, configHash } = this.#noted;
    return { generation: Number(generation), hash: Buffer.from(configHash).toString('hex') };
  }

  /** What was applied last. */
  get desired(): DesiredState {
    return this.#desired;
  }

  /** The last change failed, or left something undone: converging once more may mend it. */
  get unfinished(): boolean {
    return this.#unfinished;
  }

  /**
   * Brings the kernel to `desired`; returns warnings.
   * @param configHash noted beside a generation that counts what was applied; null when only weights have changed
   * @throws SluiceError; what was in force before is in force again, unless the error says otherwise
   */
  converge(desired: DesiredState, host: HostView, configHash: Buffer | null): string[] {
    this.#unfinished = true;
    return translateErrors('changing the data path', () => {
      const steps = this.#plan(desired);
      const { attached, warnings, undo } = attachInterfaces(this.datapath, desired.interfaces);
      this.#applyOrTakeBack(steps, configHash, undo);
      const remains = detachOthers(this.datapath, attached, host);
      this.#desired = desired;
      this.#attached = attached;
      this.#unfinished = remains.length > 0;
      return [...warnings, ...remains];
    });
  }

  /** The writes that would lead to `desired`. @throws SluiceError `capacity` */
  preview(desired: DesiredState): readonly Step[] {
    return plan(this.state, desired, this.datapath.limits, this.#memo.fill);
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

  /** Why connections do not get in: a sentence for each listening interface without the programs. */
  unattached(): string[] {
    return this.interfaceReports()
      .filter(({ mode, role }) => mode === 'detached' && role !== 'reply')
      .map(({ name, index }) =>
        index === 0 ? `interface ${name} is missing` : `interface ${name} does not carry the programs`,
      );
  }

  #plan(desired: DesiredState): Step[] {
    const steps = plan(this.state, desired, this.datapath.limits, this.#memo.fill);
    this.#memo.endPlan();
    return steps;
  }

  #applyOrTakeBack(steps: readonly Step[], configHash: Buffer | null, undoAttachments: () => void): void {
    const before = copyState(this.state);
    try {
      translateErrors('writing the tables', () => {
        this.#apply(steps);
        if (configHash !== null) this.#noteGeneration(configHash, steps.length > 0);
      });
    } catch (error) {
      throw takeBack(error, [
        { where: 'tables', work: () => this.#apply(planBack(this.state, before)) },
        { where: 'interfaces', work: undoAttachments },
      ]);
    }
  }

  #apply(steps: readonly Step[]): void {
    const context = { tables: this.datapath.tables, state: this.state, slots: this.#slots };
    for (const step of steps) applyStep(context, step);
  }

  #noteGeneration(configHash: Buffer, changed: boolean): void {
    if (!changed && configHash.equals(this.#noted.configHash)) return;
    const next = { ...this.#noted, configHash, generation: this.#noted.generation + 1n };
    this.datapath.tables.setMetadata(next);
    this.#noted = next;
  }
}
