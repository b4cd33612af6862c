/**
 * Measures what a packet pays for captures, ns: `npm run bench:capture [-- OBJECT]` (as root). OBJECT are other programs to compare
 * with, for instance those of the commit before. The packet is one that no listener is for, which stays as it is, so that it
 * can be run again and again. All ways take turns; what is said is the median over the rounds of the difference to the first.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runTool, systemCliIo } from '../../src/cli/index.ts';
import { encodeFilter, objectPath } from '../../src/datapath/index.ts';
import { BpfObject, type BpfProgram } from '../../src/libbpf/index.ts';
import { median } from '../statistics.ts';
import { type CaptureWishes, command } from './command.ts';

const ROUNDS = 40;
const REPEAT = 100_000;
const HOOKS = ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const;
const AN_HOUR_NS = 3_600_000_000_000n;
const FRAME = Buffer.from(
  '02000000000102000000000208004500002800000000400600000a0000070a0000099c4000500000000100000000500200ff00000000',
  'hex',
);

/** Programs, and what their filter is set to. */
interface Way {
  readonly name: string;
  readonly programs: readonly BpfProgram[];
  readonly before: () => void;
}

function load(path: string) {
  const object = BpfObject.open(path);
  object.load();
  return { object, programs: HOOKS.map((hook) => object.openProgram(hook)) };
}

function filterOf(reasons: readonly string[]): Buffer {
  const filter = { tuple: { conditions: [] }, hooks: HOOKS, reasons, ifindex: 0, oneIn: 1, bytes: 256 };
  return encodeFilter({ filter, session: 1, untilNs: process.hrtime.bigint() + AN_HOUR_NS });
}

/** Nanoseconds of CPU a run. */
function cpuNs(program: BpfProgram): number {
  const begun = process.cpuUsage();
  program.run({ dataIn: FRAME, repeat: REPEAT });
  const { user, system } = process.cpuUsage(begun);
  return ((user + system) * 1000) / REPEAT;
}

async function measure({ object }: CaptureWishes, signal: AbortSignal): Promise<number> {
  const ways = waysToRun(object);
  for (const [index, hook] of HOOKS.entries()) {
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // So that a signal is heard.
      await nextTurn();
      signal.throwIfAborted();
      rounds.push(ways.map((way) => costOf(way, index)));
    }
    ways.forEach(({ name }, way) => {
      const cost = median(rounds.map((round) => round[way] ?? 0));
      const more = median(rounds.map((round) => (round[way] ?? 0) - (round[0] ?? 0)));
      process.stdout.write(
        `${hook} ${name}: ${cost.toFixed(1)} ns, ${more.toFixed(1)} ns more than ${ways[0]?.name}\n`,
      );
    });
  }
  return 0;
}

function waysToRun(other: string | undefined): readonly Way[] {
  const own = load(objectPath());
  const filters = own.object.openMap('capture_filters');
  const set = (value: Buffer) => () => filters.update(Buffer.alloc(4), value);
  return [
    ...(other === undefined ? [] : [{ name: other, programs: load(other).programs, before: () => {} }]),
    { name: 'off', programs: own.programs, before: set(Buffer.alloc(filters.valueBytes)) },
    { name: 'on, for another reason', programs: own.programs, before: set(filterOf(['no_target'])) },
    { name: 'on, for every packet', programs: own.programs, before: set(filterOf([])) },
  ];
}

function costOf({ programs, before }: Way, hook: number): number {
  before();
  const program = programs[hook];
  return program === undefined ? 0 : cpuNs(program);
}

process.exitCode = await runTool(process.argv.slice(2), systemCliIo(), command(), measure);
