import { type BalancerPrograms, type CaseRun, caseRuns } from './cases.ts';
import type { Feed } from './feed.ts';
import { type ConnectionFeeds, type Feeds, feedsFor, type LateFeeds } from './frames.ts';
import type { Ledger } from './ledger.ts';
import type { Meter, Subject } from './meter.ts';
import { NextHops } from './next-hops.ts';
import { COST_CASES, type CostArguments, type CostSamples } from './samples.ts';

/** Handshakes that are under way at once while flows are opened: well below what the balancer remembers. */
const OPEN_AT_ONCE = 10_000;
/** Of TCP's sequence number in a frame of IPv4 without options. */
const SEQUENCE_OFFSET = 14 + 20 + 4;
/** New clients that fill the table of new flows, both halves of each. */
const NEW_TO_FILL = 70_000;
/** Rounds that may go wrong for each that is wanted: a machine that is busy otherwise loses next hops in mid-round. */
const SPARE = 2;

/** The course that all cases run: first with one flow, then with many. */
export class Course {
  readonly #args: CostArguments;
  readonly #meter: Meter;
  readonly #balancer: BalancerPrograms;
  readonly #ledger: Ledger;
  #newcomers = 0;

  constructor(args: CostArguments, meter: Meter, balancer: BalancerPrograms, ledger: Ledger) {
    this.#args = args;
    this.#meter = meter;
    this.#balancer = balancer;
    this.#ledger = ledger;
  }

  /**
   * Runs it.
   * @param step told before every round how many are done and how many there are
   * @throws Error when packets take another way than the one to be measured
   */
  async run(step: (done: number, all: number) => void): Promise<readonly CostSamples[]> {
    const { rounds, manyFlows } = this.#args.plan;
    const few = await this.#leg(1, (round) => step(round, 2 * rounds));
    this.#newClients(NEW_TO_FILL);
    const many = await this.#leg(manyFlows, (round) => step(rounds + round, 2 * rounds));
    return [...few, ...many];
  }

  async #leg(flows: number, step: (round: number) => void): Promise<readonly CostSamples[]> {
    const { plan } = this.#args;
    const feeds = feedsFor(this.#args, flows);
    this.#openFlows(feeds, flows);
    const runs = caseRuns(this.#balancer, this.#meter, feeds, flows, plan);
    const nextHops = {
      plain: new NextHops(() => this.#handToTc(feeds.plain, flows)),
      late: new NextHops(() => this.#handToTc(feeds.late, flows)),
    };
    const samples = runs.map((run) => ({ case: run.case, flows, ns: [] as number[] }));
    for (let round = 0; round < plan.rounds; round++) {
      step(round);
      const taken = await this.#round(runs, nextHops);
      for (const [index, sample] of taken.entries()) samples[index]?.ns.push(sample);
    }
    return COST_CASES.flatMap((name) => samples.filter((each) => each.case === name));
  }

  async #round(
    runs: readonly CaseRun[],
    nextHops: Readonly<Record<'plain' | 'late', NextHops>>,
  ): Promise<readonly number[]> {
    let complaint: string | null = null;
    for (let attempt = 0; attempt <= SPARE; attempt++) {
      await this.#ledger.open();
      const samples: number[] = [];
      for (const run of runs) {
        if (run.needsNextHops) await nextHops[run.needsNextHops].ensure();
        samples.push(this.#sample(run));
      }
      complaint = await this.#ledger.complaint();
      if (complaint === null) return samples;
    }
    throw new Error(`packets do not take the way that is to be measured: ${complaint}`);
  }

  /**
   * One sample. Flows are met once before, unmeasured, so that the yardsticks and the balancer find them alike: what the
   * CPU's caches can hold of them, they hold.
   */
  #sample({ isNew, subject, packets, counter, tolerance }: CaseRun): number {
    if (!isNew) this.#meter.feed(subject, packets, 0);
    if (counter !== null) this.#ledger.enter(counter, isNew ? packets : 2 * packets, tolerance);
    const first = isNew ? this.#takeNewcomers(packets) : 0;
    return this.#meter.cost(subject, packets, first);
  }

  /** Opens the flows as clients and targets do; makes them known to the yardsticks too. */
  #openFlows(feeds: Feeds, flows: number): void {
    for (let first = 0; first < flows; first += OPEN_AT_ONCE) {
      const count = Math.min(OPEN_AT_ONCE, flows - first);
      const { syn, synAck, ack } = feeds.plain;
      for (const feed of [syn, synAck, ack]) this.#meter.feed(this.#toTc(feed), count, first);
    }
    for (let client = 0; client < flows; client++) this.#openLate(feeds.late, client);
    for (const feed of [feeds.plain.ack, feeds.toTarget]) {
      this.#meter.feed({ hook: 'xdp', program: this.#meter.program('bare_learn'), feed }, flows, 0);
    }
  }

  /** One by one: the client must acknowledge the cookie that it is answered, and answers have other lengths. */
  #openLate({ syn, first, synAck, taken }: LateFeeds, client: number): void {
    const cookie = this.#meter.answer(this.#toTc(syn), client).readUInt32BE(SEQUENCE_OFFSET);
    for (const feed of [first(cookie), synAck, taken]) this.#meter.feed(this.#toTc(feed), 1, client);
  }

  #handToTc({ ack, reply }: ConnectionFeeds, flows: number): void {
    for (const feed of [ack, reply]) this.#meter.feed(this.#toTc(feed), flows, 0);
    this.#ledger.enter('tc_ingress/established', flows, 0);
  }

  #toTc(feed: Feed): Subject {
    return { hook: 'tc', program: this.#balancer.tc, feed };
  }

  #newClients(count: number): void {
    const feed = feedsFor(this.#args, 1).newcomers;
    const first = this.#takeNewcomers(count);
    this.#meter.feed({ hook: 'xdp', program: this.#balancer.xdp, feed }, count, first);
  }

  /** Number of the first of `count` clients that have never been seen. */
  #takeNewcomers(count: number): number {
    const first = this.#newcomers;
    this.#newcomers += count;
    return first;
  }
}
