import { checksumFaults, decodeFrame } from '../../../../lab/packet/index.ts';
import type { Engine, Input, Outcome } from '../../../engines/index.ts';
import { caseOf, inputOf, netOf, type Setting, type Step } from '../conversation.ts';
import { ClientEnd, TargetEnd } from './ends.ts';

/** A connection and what the network does to it. */
export interface Plan {
  readonly setting: Setting;
  /** Lengths of the client's segments, over and over. */
  readonly cuts: readonly number[];
  /** The target that it must get to. */
  readonly expected: number;
  /** Packets meet XDP first. */
  readonly xdp: boolean;
  /** What becomes of packets, one after another, from 0 to 99; all others arrive. */
  readonly fates: readonly number[];
}

/** Fates below are lost, then doubled, then late. */
const LOST = 15;
const DOUBLED = 25;
const LATE = 40;
/** Rounds in which everything that is not acknowledged is sent again. A connection that needs more stalls. */
const MOST_ROUNDS = 40;

/** One connection while it is played. */
class Game {
  readonly plan: Plan;
  readonly #client: ClientEnd;
  readonly #targets: readonly TargetEnd[];
  readonly #fates: Iterator<number>;
  readonly inputs: Input[] = [];
  /** Of `inputs`, those whose outcomes were seen. */
  #seen = 0;
  #delayed: Input[] = [];

  constructor(plan: Plan) {
    this.plan = plan;
    this.#client = new ClientEnd(plan.setting, plan.cuts);
    this.#targets = [0, 1].map((index) => new TargetEnd(plan.setting, index));
    this.#fates = plan.fates.values();
  }

  get isOver(): boolean {
    const target = this.#targets[this.plan.expected];
    const { stream } = this.plan.setting;
    return (
      this.#client.acknowledged === stream.length &&
      this.#client.received.end === target?.replyBytes.length &&
      target.received.end === target.wanted.length
    );
  }

  /** Both ends send, and the network does its part. */
  send(): void {
    const hook = this.plan.xdp ? 'xdp_ingress' : 'tc_ingress';
    const steps = [this.#client, ...this.#targets].flatMap((end): readonly Step[] => end.sends(hook));
    const before = this.#delayed.splice(0);
    for (const step of steps) this.#carry(inputOf(this.plan.setting, step));
    this.inputs.push(...before);
  }

  /** The ends take what came of their packets. @throws Error when something is wrong with it */
  take(outcomes: readonly Outcome[]): void {
    for (const [index, outcome] of outcomes.entries()) {
      const input = this.inputs[index];
      if (index < this.#seen || !input) continue;
      if (outcome.verdict === 'pass' && outcome.reasons.passed_to_tc && input.hook === 'xdp_ingress') {
        this.#delayed.push({ ...input, hook: 'tc_ingress' });
      }
      if (outcome.verdict !== 'redirect') continue;
      for (const { frame } of [...(outcome.copies ?? []), outcome]) this.#arrive(frame);
    }
    this.#seen = outcomes.length;
  }

  /** @throws Error when the streams are not what was sent, or another target had a part in it */
  judge(): void {
    const { expected } = this.plan;
    const asked = this.#targets.flatMap((target, index) => (target.wasAsked ? [index] : []));
    if (asked.join() !== String(expected)) throw new Error(`asked ${asked}, not ${expected}`);
    const target = this.#targets[expected];
    if (!target?.received.bytes.equals(target.wanted)) throw new Error('the target has another stream');
    if (!this.#client.received.bytes.equals(target.replyBytes))
      throw new Error('the client has another reply');
    if (this.#client.wasReset) throw new Error('the client was reset');
  }

  #carry(input: Input): void {
    const fate = this.#fate();
    if (fate < LOST) return;
    if (fate < DOUBLED) this.inputs.push(input);
    if (fate < LATE && fate >= DOUBLED) this.#delayed.push(input);
    else this.inputs.push(input);
  }

  #arrive(frame: Uint8Array): void {
    const { setting } = this.plan;
    const decoded = decodeFrame(frame);
    const faults = checksumFaults([decoded]);
    if (faults.length > 0) throw new Error(`a frame has a wrong checksum: ${JSON.stringify(faults)}`);
    const segment = decoded.ip?.transport;
    if (segment?.kind !== 'tcp' || this.#fate() < LOST) return;
    const index = netOf(setting).targets.indexOf(decoded.ip?.destination ?? '');
    const end = index < 0 ? this.#client : this.#targets[index];
    end?.take(segment);
  }

  #fate(): number {
    return this.#fates.next().value ?? 99;
  }
}

/**
 * Plays connections through an engine, all at once, until each has delivered what it had to.
 * @throws Error that names the first that does not, and why
 */
export async function play(engine: Engine, plans: readonly Plan[], name: string): Promise<void> {
  const games = plans.map((plan) => new Game(plan));
  const saying = (index: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      throw new Error(`connection ${index} of ${name}: ${error instanceof Error ? error.message : error}`);
    }
  };
  for (let round = 0; round < MOST_ROUNDS && games.some(({ isOver }) => !isOver); round++) {
    const running = games.filter(({ isOver }) => !isOver);
    for (const game of running) game.send();
    // Engines know whole cases only: each is played again from its beginning.
    const cases = running.map(({ plan, inputs }) => ({ ...caseOf(name, plan.setting, []), inputs }));
    const outcomes = await engine.run(cases);
    for (const [index, game] of running.entries()) {
      saying(games.indexOf(game), () => game.take(outcomes[index] ?? []));
    }
  }
  for (const [index, game] of games.entries()) {
    saying(index, () => {
      if (!game.isOver) throw new Error(`stalls: not over after ${MOST_ROUNDS} rounds`);
      game.judge();
    });
  }
}
