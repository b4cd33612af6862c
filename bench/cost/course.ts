import type { BpfProgram } from '../../src/libbpf/index.ts';
import { type Feeds, feedsFor } from './frames.ts';
import type { Meter, Subject } from './meter.ts';
import {
  COST_CASES,
  type CostArguments,
  type CostCase,
  type CostReport,
  type CostSamples,
} from './samples.ts';

/** Handshakes that are under way at once while flows are opened: well below what the balancer remembers. */
const OPEN_AT_ONCE = 10_000;
/**
 * Connections opened while the table of handshakes shall have room, and those that fill it up: it holds 65,536 with
 * both of their halves.
 */
const NEW_WITH_ROOM = 60_000;
const NEW_TO_FILL = 70_000;
const NEW_WHEN_FULL = 20_000;

/** A case and how many packets a sample of it takes. */
interface Run {
  readonly case: CostCase;
  readonly subject: Subject;
  readonly packets: number;
  /** What the balancer must count for each packet; undefined for the yardsticks, which it does not see. */
  readonly reason: string | undefined;
}

/** The course that all cases run: first with one flow, then with many. */
export class Course {
  readonly #args: CostArguments;
  readonly #meter: Meter;
  readonly #balancer: BpfProgram;
  readonly #fed = new Map<string, number>();
  #newcomers = 0;

  /** @param balancer the program of the balancer under test */
  constructor(args: CostArguments, meter: Meter, balancer: BpfProgram) {
    this.#args = args;
    this.#meter = meter;
    this.#balancer = balancer;
  }

  /** Runs it. @param step told before every round how many are done and how many there are */
  run(step: (done: number, all: number) => void): CostReport {
    const { rounds, packets, manyFlows } = this.#args.plan;
    const one = feedsFor(this.#args, 1);
    this.#openFlows(one, 1);
    const few = this.#measure(1, this.#runs(one, packets, NEW_WITH_ROOM / (2 * rounds)), (round) =>
      step(round, 2 * rounds),
    );
    const many = feedsFor(this.#args, manyFlows);
    this.#openFlows(many, manyFlows);
    this.#newClients(NEW_TO_FILL);
    const lots = this.#measure(manyFlows, this.#runs(many, manyFlows, NEW_WHEN_FULL), (round) =>
      step(rounds + round, 2 * rounds),
    );
    return { samples: [...few, ...lots], fed: Object.fromEntries(this.#fed) };
  }

  #runs(feeds: Feeds, packets: number, newPackets: number): readonly Run[] {
    const bench = (name: 'bare' | 'bare_route', feed: Feeds['ack']): Run => ({
      case: name,
      subject: { program: this.#meter.program(name), feed, verdict: 'tx' },
      packets,
      reason: undefined,
    });
    const ours = (subject: Omit<Subject, 'program'>) => ({ program: this.#balancer, ...subject });
    const all: Readonly<Record<CostCase, Run>> = {
      bare: bench('bare', feeds.ack),
      bare_route: bench('bare_route', feeds.toTarget),
      established: {
        case: 'established',
        subject: ours({ feed: feeds.ack, verdict: 'redirect' }),
        packets,
        reason: 'established',
      },
      reply: {
        case: 'reply',
        subject: ours({ feed: feeds.reply, verdict: 'redirect' }),
        packets,
        reason: 'reply',
      },
      pass: {
        case: 'pass',
        subject: ours({ feed: feeds.passing, verdict: 'pass' }),
        packets,
        reason: 'no_listener',
      },
      new: {
        case: 'new',
        subject: ours({ feed: feeds.newcomers, verdict: 'redirect' }),
        packets: Math.floor(newPackets),
        reason: 'new_flow',
      },
    };
    return COST_CASES.map((name) => all[name]);
  }

  #measure(flows: number, runs: readonly Run[], step: (round: number) => void): readonly CostSamples[] {
    const samples = runs.map((run) => ({ case: run.case, flows, ns: [] as number[] }));
    for (let round = 0; round < this.#args.plan.rounds; round++) {
      step(round);
      for (const [index, run] of runs.entries()) samples[index]?.ns.push(this.#sample(run));
    }
    return samples;
  }

  #sample(run: Run): number {
    const first = run.case === 'new' ? this.#newcomers : 0;
    if (run.case === 'new') this.#newcomers += run.packets;
    if (run.reason !== undefined) this.#count(run.reason, run.packets);
    return this.#meter.cost(run.subject, run.packets, BigInt(first));
  }

  /** Opens the flows as clients do, with a SYN and an ACK each; makes them known to the yardsticks too. */
  #openFlows(feeds: Feeds, flows: number): void {
    const balancer = { program: this.#balancer, verdict: 'redirect' } as const;
    for (let first = 0; first < flows; first += OPEN_AT_ONCE) {
      const count = Math.min(OPEN_AT_ONCE, flows - first);
      this.#meter.feed({ ...balancer, feed: feeds.syn }, count, BigInt(first));
      this.#meter.feed({ ...balancer, feed: feeds.ack }, count, BigInt(first));
    }
    this.#count('new_flow', flows);
    this.#count('established', flows);
    for (const feed of [feeds.ack, feeds.toTarget]) {
      this.#meter.feed({ program: this.#meter.program('bare_learn'), feed, verdict: 'tx' }, flows, 0n);
    }
  }

  #newClients(count: number): void {
    const feed = feedsFor(this.#args, 1).newcomers;
    const subject: Subject = { program: this.#balancer, feed, verdict: 'redirect' };
    this.#meter.feed(subject, count, BigInt(this.#newcomers));
    this.#newcomers += count;
    this.#count('new_flow', count);
  }

  #count(reason: string, packets: number): void {
    this.#fed.set(reason, (this.#fed.get(reason) ?? 0) + packets);
  }
}
