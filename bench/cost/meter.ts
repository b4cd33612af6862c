import { type BpfMap, BpfObject, type BpfProgram, type RunOptions } from '../../src/libbpf/index.ts';
import { encodeFeed, type Feed, FRAME_BYTES } from './feed.ts';

/** Where a program hangs, which is also the kind of packet that it takes. */
export type SubjectHook = 'xdp' | 'tc';

/** A program to measure, and the packets for it. */
export interface Subject {
  readonly hook: SubjectHook;
  readonly program: BpfProgram;
  readonly feed: Feed;
}

const ZERO = Buffer.alloc(4);
const NS_PER_US = 1000;
/** Room for an answer. */
const ANSWER_BYTES = 128;

/** Programs of cost.bpf.c that can be measured or used to prepare. */
export type BenchProgramName = 'bare' | 'bare_learn' | 'bare_route';

/** What it takes to feed the programs of one hook. */
interface Feeder {
  readonly feed: BpfProgram;
  /** Costs nothing, and is what costs are compared with. */
  readonly nothing: BpfProgram;
  readonly subject: BpfMap;
}

/** Feeds packets to programs and measures what that costs. Runs on the calling thread; pin the process to a CPU. */
export class Meter implements Disposable {
  readonly #object: BpfObject;
  readonly #feeds: BpfMap;
  readonly #feeders: Readonly<Record<SubjectHook, Feeder>>;
  readonly #programs = new Map<BenchProgramName, BpfProgram>();

  /** Loads the programs. */
  constructor(objectPath: string) {
    const object = BpfObject.open(objectPath);
    object.load();
    const feeder = (hook: SubjectHook): Feeder => ({
      feed: object.openProgram(`${hook}_feed`),
      nothing: object.openProgram(`${hook}_nothing`),
      subject: object.openMap(`${hook}_subject`),
    });
    this.#object = object;
    this.#feeds = object.openMap('feeds');
    this.#feeders = { xdp: feeder('xdp'), tc: feeder('tc') };
  }

  /** An XDP program of the bench itself. */
  program(name: BenchProgramName): BpfProgram {
    const program = this.#programs.get(name) ?? this.#object.openProgram(name);
    this.#programs.set(name, program);
    return program;
  }

  /** Feeds `packets` packets, numbered from `first` on, to a subject. */
  feed({ hook, program, feed }: Subject, packets: number, first: number): void {
    this.#prepare(hook, program, feed, first);
    this.#run(hook, feed, packets);
  }

  /** Feeds packet `number` to a subject; what has become of it. */
  answer({ hook, program, feed }: Subject, number: number): Buffer {
    this.#prepare(hook, program, feed, number);
    return this.#run(hook, feed, 1, ANSWER_BYTES);
  }

  /** What one packet costs in the subject, nanoseconds of CPU time; the cost of feeding it is taken off. */
  cost({ hook, program, feed }: Subject, packets: number, first: number): number {
    this.#prepare(hook, this.#feeders[hook].nothing, feed, first);
    const feeding = cpuTimeNs(() => this.#run(hook, feed, packets));
    this.#prepare(hook, program, feed, first);
    const all = cpuTimeNs(() => this.#run(hook, feed, packets));
    return (all - feeding) / packets;
  }

  close(): void {
    for (const program of this.#programs.values()) program.close();
    for (const { feed, nothing, subject } of Object.values(this.#feeders)) {
      for (const part of [feed, nothing, subject]) part.close();
    }
    this.#feeds.close();
    this.#object.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #prepare(hook: SubjectHook, program: BpfProgram, feed: Feed, first: number): void {
    const fd = Buffer.alloc(4);
    fd.writeUInt32LE(program.fd.value);
    this.#feeders[hook].subject.update(ZERO, fd);
    this.#feeds.update(ZERO, encodeFeed(feed, BigInt(first)));
  }

  #run(hook: SubjectHook, feed: Feed, packets: number, dataOutSize = 0): Buffer {
    const ctxIn = hook === 'xdp' ? xdpContext(feed.ifindex) : skbContext(feed.ifindex);
    const options: RunOptions = { dataIn: feed.frame, dataOutSize, ctxIn, repeat: packets };
    return this.#feeders[hook].feed.run(options).dataOut;
  }
}

/** The bytes of struct xdp_md: data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex. */
function xdpContext(ifindex: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(FRAME_BYTES, 4);
  bytes.writeUInt32LE(ifindex, 12);
  return bytes;
}

/** The bytes of struct __sk_buff, of which only ifindex is set. */
function skbContext(ifindex: number): Buffer {
  const bytes = Buffer.alloc(192);
  bytes.writeUInt32LE(ifindex, 40);
  return bytes;
}

/** CPU time of this process during `work`: time in which another process had the CPU does not count. */
function cpuTimeNs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * NS_PER_US;
}
