import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumFaults, decodeFrame } from '../../../lab/index.ts';
import type { Case, Engine, Outcome } from '../../engines/index.ts';
import { KernelEngine } from '../../engines/kernel/index.ts';
import { NativeEngine } from '../../engines/native.ts';
import { difference } from '../fuzz/compare.ts';
import { type Tally, tallyReasons } from '../fuzz/judge.ts';
import { createOracle } from '../oracle.ts';
import { anyConversation } from './any-conversation.ts';
import { clientHello } from './client-hello.ts';
import { caseOf, headerOf, type Setting, type Step } from './conversation.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const ROUNDS = { native: 10, kernel: 2 } as const;
const PER_ROUND = 64;
/** What conversations are for. */
const COMMON = ['forwarded_cookie', 'forwarded_held', 'forwarded_replayed', 'dropped_nothing_held'];
const REASONS = { kernel: COMMON, native: [...COMMON, 'forwarded_reset', 'dropped_out_of_room'] };
/** The kernel's test run takes no longer ones, bytes. */
const MOST_FRAME = 3_000;

describe.each(['native', 'kernel'] as const)('connections that are bound late, by the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = kind === 'native' ? await NativeEngine.open() : await KernelEngine.create();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  it('do what the oracle says, whatever comes', async () => {
    const tally: Tally = new Map();
    for (let round = 0; round < ROUNDS[kind]; round++) {
      const seed = SEED * 1000 + round;
      const cases = fc
        .sample(anyConversation, { seed, numRuns: PER_ROUND })
        .map(({ setting, steps }, index) => {
          const possible = engine.capabilities.partialChecksum
            ? steps
            : steps.map((step) => ({ ...step, partial: false }));
          return caseOf(`${index} of seed ${seed}`, setting, possible);
        })
        .filter(({ inputs }) => kind === 'native' || inputs.every(({ frame }) => frame.length <= MOST_FRAME));
      await compare(engine, cases, tally);
    }
    const counted = new Set([...tally.keys()].map((each) => each.split(' ')[1]));
    expect(REASONS[kind].filter((reason) => !counted.has(reason))).toEqual([]);
  });
});

describe('a target that acknowledges the same number again, of the bytes that are held for it,', () => {
  const stream = clientHello({ name: 'a.example', before: 0, behind: 1500, record: 16_000 });
  const setting: Setting = {
    v6: false,
    snat: false,
    routed: false,
    named: true,
    headers: [true, true],
    stream,
    isn: 1000,
    offer: { mss: 1460, scale: 7, sack: true },
    mss: 0,
    secrets: 2,
  };
  const header = headerOf(setting, 0).length;
  const common = {
    hook: 'tc_ingress',
    target: 0,
    at: 0,
    window: 512,
    options: 'none',
    partial: false,
  } as const;
  const client = (flags: string, length = 0): Step => ({
    ...common,
    from: 'client',
    flags,
    length,
    acknowledges: 0,
  });
  const target = (acknowledges: number, flags = 'A'): Step => ({
    ...common,
    from: 'target',
    flags,
    length: 0,
    acknowledges,
  });
  const opening = [
    { ...client('S'), options: 'syn' as const },
    client('PA', stream.length),
    { ...target(0, 'SA'), options: 'syn' as const },
  ];

  /** What comes of packets after the opening: reason, and the number of segments that it became. */
  async function comesOf(...steps: readonly Step[]): Promise<readonly string[]> {
    await using engine = await NativeEngine.open();
    const [outcomes = []] = await engine.run([caseOf('asks again', setting, [...opening, ...steps])]);
    return outcomes
      .slice(opening.length - 1)
      .map(({ reasons, verdict, copies = [] }) =>
        [...Object.keys(reasons), verdict === 'redirect' ? copies.length + 1 : 0].join(' '),
      );
  }

  it('gets what it lacks at once, header and all, but not for each time', async () => {
    expect(await comesOf(target(0), target(0), target(0))).toEqual([
      'forwarded_replayed 3',
      'forwarded_replayed 3',
      'forwarded_held 0',
      'forwarded_held 0',
    ]);
  });

  it('gets it for each number that it tells, and not when it tells one for the first time', async () => {
    const [one, two] = [header, header + 1460];
    expect(await comesOf(target(one), target(one), target(one), target(two), target(two))).toEqual([
      'forwarded_replayed 3',
      'forwarded_held 0',
      'forwarded_replayed 2',
      'forwarded_held 0',
      'forwarded_held 0',
      'forwarded_replayed 1',
    ]);
  });

  it('gets it once more for each packet of the client that comes again', async () => {
    const again = client('PA', stream.length);
    expect(await comesOf(target(0), target(0), again, target(0), target(0))).toEqual([
      'forwarded_replayed 3',
      'forwarded_replayed 3',
      'forwarded_held 0',
      'forwarded_replayed 3',
      'forwarded_replayed 3',
      'forwarded_held 0',
    ]);
  });
});

async function compare(engine: Engine, cases: readonly Case[], tally: Tally): Promise<void> {
  const [expected, got] = await Promise.all([createOracle().run(cases), engine.run(cases)]);
  for (const [index, one] of cases.entries()) {
    const outcomes = got[index] ?? [];
    tallyReasons(tally, one.inputs, outcomes);
    for (const [packet, wanted] of (expected[index] ?? []).entries()) {
      const found = outcomes[packet];
      const words = found ? difference(wanted, found, engine.capabilities) : 'no outcome';
      if (words !== undefined) throw new Error(`${one.name}, packet ${packet}: ${words}\n${told(outcomes)}`);
      const isFinished = !one.inputs[packet]?.partialChecksum;
      if (found && isFinished) expect(checksumsAre(found), `${one.name}, packet ${packet}`).toEqual([]);
    }
  }
}

/** What is wrong with the checksums of frames that go somewhere. */
function checksumsAre({ verdict, frame, copies = [] }: Outcome): readonly string[] {
  const sent = verdict === 'redirect' ? [frame, ...copies.map((copy) => copy.frame)] : [];
  return checksumFaults(sent.map(decodeFrame)).map((fault) => JSON.stringify(fault));
}

function told(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ verdict, reasons }, index) => `${index}: ${verdict} ${Object.keys(reasons)}`)
    .join('\n');
}
