import type { Capabilities, Case, Engine, Outcome } from './model.ts';
import {
  type FaultyOutcome,
  readFaultyOutcomes,
  readOutcomes,
  readSweepOutcome,
  tableReaders,
} from './native/answer.ts';
import { buildNative, type NativeBuild } from './native/build.ts';
import { caseMessage, type HelperFault, sweepMessage } from './native/case-message.ts';
import { NativeProcess } from './native/process.ts';
import type { SweepCase, SweepOutcome } from './native/sweep.ts';
import { worldMessage } from './native/world-message.ts';
import { addressCodec } from './rows/index.ts';

export type { FaultyOutcome } from './native/answer.ts';
export type { NativeBuild, NativeVariant } from './native/build.ts';
export type { HelperFault } from './native/case-message.ts';
export type { SweepCase, SweepOutcome } from './native/sweep.ts';

/** How many cases the process is given before their answers are awaited: enough to keep both sides at work. */
const CASES_AT_ONCE = 256;

export interface NativeOptions extends NativeBuild {
  /** Added to the environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The C of the data path as a process of this machine, under the address and undefined behaviour sanitizers. Every answer is
 * a function of the case alone: the clock begins in the middle of an epoch and stands still, nothing is left to chance,
 * tables evict nothing, and the scratch space of the programs holds garbage before each packet.
 */
export class NativeEngine implements Engine {
  readonly name: string;
  readonly capabilities: Capabilities = {
    hooks: ['xdp_ingress', 'tc_ingress', 'tc_egress'],
    randoms: true,
    clock: true,
    gso: true,
    linear: true,
    partialChecksum: true,
    vlanStripped: true,
    redirect: true,
  };
  readonly #process: NativeProcess;
  readonly #addresses = addressCodec();
  readonly #tables = tableReaders(this.#addresses);

  private constructor(name: string, process: NativeProcess) {
    this.name = name;
    this.#process = process;
    process.tell(worldMessage());
  }

  /** Builds the binary if needed and starts it. @throws Error with the compiler's words. */
  static async open({ env, ...build }: NativeOptions = {}): Promise<NativeEngine> {
    const path = await buildNative(build);
    return new NativeEngine(`native (${build.variant ?? 'sanitized'})`, new NativeProcess(path, env));
  }

  /** @throws Error when the process dies: a sanitizer's report with the name of the case; this engine is then of no more use. */
  async run(cases: readonly Case[]): Promise<readonly (readonly Outcome[])[]> {
    const outcomes: (readonly Outcome[])[] = [];
    for (let first = 0; first < cases.length; first += CASES_AT_ONCE) {
      const batch = cases.slice(first, first + CASES_AT_ONCE);
      outcomes.push(...(await Promise.all(batch.map((one) => this.#runCase(one)))));
    }
    return outcomes;
  }

  /** Runs a case in which a helper fails. @throws Error as {@link run}. */
  async runWithFault(one: Case, fault: HelperFault): Promise<readonly FaultyOutcome[]> {
    const answer = await this.#ask(one.name, caseMessage(one, this.#addresses, fault));
    return readFaultyOutcomes(answer, one.inputs, this.#tables);
  }

  /** Runs the sweep program over a state. @throws Error as {@link run}. */
  async sweep(sweep: SweepCase): Promise<SweepOutcome> {
    const answer = await this.#ask(sweep.name, sweepMessage(sweep, this.#addresses));
    return readSweepOutcome(answer, this.#tables);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  async #runCase(one: Case): Promise<readonly Outcome[]> {
    const answer = await this.#ask(one.name, caseMessage(one, this.#addresses));
    return readOutcomes(answer, one.inputs, this.#tables);
  }

  async #ask(name: string, request: Buffer): Promise<Buffer> {
    try {
      return await this.#process.ask(request);
    } catch (cause) {
      throw new Error(`case '${name}': ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}
