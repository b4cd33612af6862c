import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differsWhileLooking } from '../capture/beside-oracle.ts';
import type { Case, Engine } from '../engines/index.ts';
import { KernelEngine } from '../engines/kernel/index.ts';
import { meetOnTwoCpus } from '../engines/kernel/two-cpus.ts';
import { everyFault } from '../engines/native/every-fault.ts';
import { RULES } from '../engines/native/fault-rules.ts';
import { sight } from '../engines/native/lost-sight.ts';
import { NativeEngine, type NativeVariant } from '../engines/native.ts';
import { casesOf, type VectorCase } from '../vectors/cases.ts';
import { loadVectorFiles } from '../vectors/load.ts';
import { runVectors } from '../vectors/run.ts';
import { WRONG_ON_PURPOSE } from '../vectors/wrong-on-purpose.ts';
import { differsFromOracle, differsInConversation, differsInSweep } from './beside-oracle.ts';
import { compileForKernel } from './compile.ts';
import { failingInput } from './corpora.ts';

/** What only conversations run. */
const LATE_FILES = [
  'cookie.h',
  'header.h',
  'hello.h',
  'late.h',
  'late_hold.h',
  'late_send.h',
  'late_syn.h',
  'late_target.h',
  'late_work.h',
  'late_write.h',
  'proxy_protocol.h',
  'select.h',
  'translate.h',
  'translate_skb.h',
];
/** Where packets are sent on, which may fail. */
const FAULT_FILES = ['forward_skb.h', 'late_send.h', 'rewrite_skb.h', 'transmit.h'];
/** Where flows are looked for in two tables. */
const MOVE_FILES = ['decide.h', 'flow.h', 'header.h', 'icmp.h', 'late.h', 'late_send.h'];
const VECTORS = fileURLToPath(new URL('../vectors', import.meta.url));

/** A part of the suite that may notice a fault. */
export interface Killer {
  readonly name: string;
  /** Files of bpf/ whose faults it may see; absent: all. */
  readonly files?: readonly string[];
  /**
   * Tries the data path that lies in `bpf/` of a folder, where it may also leave what it builds. Resolves with a line that
   * says what was noticed, or undefined for nothing.
   */
  readonly attempt: (folder: string) => Promise<string | undefined>;
}

/** All who may kill a mutant, the quickest first. */
export function createKillers(): readonly Killer[] {
  const vectors = loadVectorFiles(VECTORS, [WRONG_ON_PURPOSE]).flatMap(casesOf);
  const cases = vectors.map((each) => each.case);
  const failing = (engine: Engine) => failingVector(engine, vectors);
  const looking = (engine: NativeEngine) => differsWhileLooking(engine, cases);
  const corpora = ['checksum', 'icmp', 'parser', 'program'];
  return [
    plain('vectors', failing),
    plain('captures', looking, ['capture.h', 'capture_match.h']),
    plain('conversations', differsInConversation, LATE_FILES),
    plain('sweeps beside the oracle', differsInSweep, ['events.h', 'sweep.h', 'sluice.bpf.c']),
    plain('oracle', differsFromOracle),
    corpus(['sweep'], ['sweep.h', 'sluice.bpf.c']),
    corpus(['hello'], ['hello.h']),
    corpus(['translate'], ['translate.h', 'translate_skb.h']),
    { name: 'sanitizers', attempt: (folder) => onNative(folder, 'sanitized', failing) },
    {
      name: 'sanitizers',
      files: LATE_FILES,
      attempt: (folder) => onNative(folder, 'sanitized', differsInConversation),
    },
    plain('flows that move', (engine) => losesSight(engine, cases), MOVE_FILES),
    plain('failing helpers', (engine) => breaksUnderFaults(engine, cases), FAULT_FILES),
    corpus(corpora),
    { name: 'two CPUs', files: ['late_hold.h'], attempt: leavesBusy },
    { name: 'kernel vectors', attempt: (folder) => onKernel(folder, failing) },
  ];
}

/** Lets each helper fail at each call, until a rule that must hold all the same is broken. */
async function breaksUnderFaults(engine: NativeEngine, cases: readonly Case[]): Promise<string | undefined> {
  for (const one of cases) {
    const struck = await everyFault(engine, one, 'refused');
    const found = struck.flatMap((each) =>
      RULES.filter(({ holds }) => !holds(each)).map(({ sentence }) => `${each.about}: not "${sentence}"`),
    );
    if (found.length > 0) return found[0];
  }
  return undefined;
}

/** Lets another CPU move the flow of each packet at each look for it, until one is taken for a stranger's. */
async function losesSight(engine: NativeEngine, cases: readonly Case[]): Promise<string | undefined> {
  for (const one of cases) {
    const { lost } = await sight(engine, one);
    if (lost.length > 0) return lost[0];
  }
  return undefined;
}

/** One that needs no sanitizer, with which the data path takes ten times as long to compile. */
function plain(name: string, attempt: NativeAttempt, files?: readonly string[]): Killer {
  return { name, ...(files ? { files } : {}), attempt: (folder) => onNative(folder, 'plain', attempt) };
}

function corpus(targets: readonly string[], files?: readonly string[]): Killer {
  return {
    name: 'fuzz corpora',
    ...(files ? { files } : {}),
    attempt: (folder) => failingInput(folder, targets),
  };
}

type Attempt = (engine: Engine) => Promise<string | undefined>;
type NativeAttempt = (engine: NativeEngine) => Promise<string | undefined>;

async function onNative(
  folder: string,
  variant: NativeVariant,
  attempt: NativeAttempt,
): Promise<string | undefined> {
  const build = { variant, sources: join(folder, 'bpf'), into: join(folder, variant) };
  await using engine = await NativeEngine.open(build);
  // A process that dies has met a fault, or a sanitizer has seen one.
  return await attempt(engine).catch(wordsOf);
}

async function onKernel(folder: string, attempt: Attempt): Promise<string | undefined> {
  const object = await compileForKernel(join(folder, 'bpf'), join(folder, 'sluice.bpf.o'));
  const loaded = await KernelEngine.create(object).catch(wordsOf);
  if (typeof loaded === 'string') return `the verifier: ${loaded}`;
  await using engine = loaded;
  return await attempt(engine);
}

/** Lets two CPUs meet in one connection, after which it must be there for the next packet. */
async function leavesBusy(folder: string): Promise<string | undefined> {
  const object = await compileForKernel(join(folder, 'bpf'), join(folder, 'sluice.bpf.o'));
  const { after } = await meetOnTwoCpus(object);
  return after.dropped_busy ? `${after.dropped_busy} packets dropped after two CPUs have met` : undefined;
}

async function failingVector(engine: Engine, vectors: readonly VectorCase[]): Promise<string | undefined> {
  const results = await runVectors(engine, vectors);
  const failed = results.filter(({ result }) => result === 'failed');
  const [first] = failed;
  return first && `${failed.length} of ${results.length}: ${first.place} ${first.name}`;
}

/** The line of an error that says most. */
function wordsOf(error: unknown): string {
  const lines = String(error).split('\n');
  return lines.find((line) => /ERROR|runtime error/.test(line)) ?? lines[0] ?? '';
}
