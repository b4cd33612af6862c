import { type BpfMap, BpfObject, type BpfProgram, type RunResult } from '../../src/libbpf/index.ts';
import { encodeFeed, type Feed, FRAME_BYTES } from './feed.ts';

/** What XDP programs answer, by number. */
export const VERDICTS = ['aborted', 'drop', 'pass', 'tx', 'redirect'] as const;
/** One of them. */
export type Verdict = (typeof VERDICTS)[number];

/** A program to measure, the packets for it, and the answer that says that it did what it should. */
export interface Subject {
  readonly program: BpfProgram;
  readonly feed: Feed;
  readonly verdict: Verdict;
}

const ZERO = Buffer.alloc(4);
const XDP_MD_BYTES = 24;
const NS_PER_US = 1000;

/** Programs of cost.bpf.c that can be measured or used to prepare. */
export type BenchProgramName = 'nothing' | 'bare' | 'bare_learn' | 'bare_route';

/** Feeds packets to programs and measures what that costs. Runs on the calling thread; pin the process to a CPU. */
export class Meter implements Disposable {
  readonly #object: BpfObject;
  readonly #feedProgram: BpfProgram;
  readonly #feeds: BpfMap;
  readonly #subject: BpfMap;
  readonly #programs = new Map<BenchProgramName, BpfProgram>();

  /** Loads the programs. */
  constructor(objectPath: string) {
    this.#object = BpfObject.open(objectPath);
    this.#object.load();
    this.#feedProgram = this.#object.openProgram('feed');
    this.#feeds = this.#object.openMap('feeds');
    this.#subject = this.#object.openMap('subject');
  }

  /** A program of the bench itself. */
  program(name: BenchProgramName): BpfProgram {
    const program = this.#programs.get(name) ?? this.#object.openProgram(name);
    this.#programs.set(name, program);
    return program;
  }

  /**
   * Feeds `packets` packets, numbered from `first` on, to a subject.
   * @throws Error when the last answer is not the expected one
   */
  feed(subject: Subject, packets: number, first: bigint): void {
    this.#prepare(subject.program, subject.feed, first);
    check(subject, this.#run(subject, packets));
  }

  /** What one packet costs in the subject, nanoseconds of CPU time; the cost of feeding it is taken off. */
  cost(subject: Subject, packets: number, first: bigint): number {
    this.#prepare(this.program('nothing'), subject.feed, first);
    const feeding = cpuTimeNs(() => this.#run(subject, packets));
    this.#prepare(subject.program, subject.feed, first);
    const all = cpuTimeNs(() => check(subject, this.#run(subject, packets)));
    return (all - feeding) / packets;
  }

  close(): void {
    for (const program of this.#programs.values()) program.close();
    for (const part of [this.#feedProgram, this.#feeds, this.#subject, this.#object]) part.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #prepare(program: BpfProgram, feed: Feed, first: bigint): void {
    const fd = Buffer.alloc(4);
    fd.writeUInt32LE(program.fd.value);
    this.#subject.update(ZERO, fd);
    this.#feeds.update(ZERO, encodeFeed(feed, first));
  }

  #run({ feed }: Subject, packets: number): RunResult {
    return this.#feedProgram.run({
      dataIn: Buffer.alloc(FRAME_BYTES),
      dataOutSize: 0,
      ctxIn: context(feed.ifindex),
      repeat: packets,
    });
  }
}

/** The bytes of struct xdp_md: data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex. */
function context(ifindex: number): Buffer {
  const bytes = Buffer.alloc(XDP_MD_BYTES);
  bytes.writeUInt32LE(FRAME_BYTES, 4);
  bytes.writeUInt32LE(ifindex, 12);
  return bytes;
}

function check(subject: Subject, result: RunResult): void {
  const verdict = VERDICTS[result.retval];
  if (verdict !== subject.verdict) {
    throw new Error(`a measured program answered ${verdict ?? result.retval} instead of ${subject.verdict}`);
  }
}

/** CPU time of this process during `work`: time in which another process had the CPU does not count. */
function cpuTimeNs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * NS_PER_US;
}
