import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { CaptureRow, Case, Engine, Input, Outcome } from '../engines/index.ts';
import { isPacket, parseFrame } from '../oracle/parse.ts';
import { asksAboutTuples, expectedCapture } from './oracle.ts';

const ENDS = ['source', 'destination', 'either'] as const;
const PROTOCOLS = [1, 6, 17, 58];
const HOOKS = ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const;
const MOST_CONDITIONS = 4;
const ODD_BYTES = [1, 14, 33, 64, 255, 256];

/** A packet, what came of it while nobody looked, and a filter. */
export interface Look {
  readonly one: Case;
  readonly quiet: Outcome;
  readonly row: CaptureRow;
}

/** Every packet of the cases, alone with its case's state, that an engine's outcome tells enough of to be compared. */
export async function quietOutcomes(
  engine: Engine,
  cases: readonly Case[],
): Promise<readonly Omit<Look, 'row'>[]> {
  const singles = cases.map((each) => ({ ...each, inputs: each.inputs.slice(0, 1) }));
  const outcomes = await engine.run(singles);
  return singles.flatMap((one, index) => {
    const quiet = outcomes[index]?.[0];
    return quiet === undefined ? [] : [{ one, quiet }];
  });
}

/** Filters that are for a packet, or nearly: made of its own addresses and ports, and of those that it has afterwards. */
export function filterFor({ one, quiet }: Omit<Look, 'row'>): fc.Arbitrary<CaptureRow> {
  const [reason = ''] = Object.keys(quiet.reasons);
  const { networks, ports } = wordsOf(one, quiet);
  const condition = fc.record(
    {
      ends: fc.constantFrom(...ENDS),
      network: fc.constantFrom(...networks),
      port: fc.constantFrom(...ports),
    },
    { requiredKeys: ['ends'] },
  );
  return fc.record(
    {
      hooks: fc.subarray([...HOOKS], { minLength: 2 }),
      reasons: fc.constantFrom([reason], [reason, 'passed_vlan'], ['dropped_no_route']),
      ifindex: fc.constantFrom(...one.inputs.map(({ ifindex }) => ifindex), 99),
      maxBytes: fc.constantFrom(...ODD_BYTES),
      protocol: fc.constantFrom(...PROTOCOLS),
      family: fc.constantFrom(4 as const, 6 as const),
      conditions: fc.array(condition, { maxLength: MOST_CONDITIONS }),
    },
    { requiredKeys: ['conditions'] },
  );
}

function wordsOf({ state, inputs }: Case, quiet: Outcome) {
  const packets = [...inputs.map(({ frame }) => frame), quiet.frame]
    .map((frame) => parseFrame(frame, { readable: frame.length, gso: true }))
    .filter(isPacket);
  const flows = [...state.flows, ...state.pending].flatMap((row) => [row.in, row.out]);
  const ports = [...packets.map(({ tuple }) => tuple), ...flows].flatMap((tuple) => [
    tuple.sourcePort,
    tuple.destinationPort,
  ]);
  const addresses = flows.flatMap(({ source, destination }) => [source, destination]);
  const listeners = state.listeners.map(({ address }) => address);
  const networks = [...new Set([...addresses, ...listeners])].flatMap((address) =>
    address.includes(':') ? [`${address}/128`, `${address}/40`] : [`${address}/32`, `${address}/12`],
  );
  return {
    networks: [...networks, '203.0.113.0/24', '2001:db8:ffff::/48'],
    ports: [...new Set(ports.filter((port) => port !== 0)), 9],
  };
}

/**
 * Runs packets while somebody looks, and says what is not as it must be: the outcome is what it was while nobody did, and
 * what is told is what the oracle says.
 */
export async function differences(engine: Engine, looks: readonly Look[]): Promise<readonly string[]> {
  const cases = looks.map(({ one, row }) => ({ ...one, state: { ...one.state, capture: row } }));
  const outcomes = await engine.run(cases);
  return looks.flatMap((look, index) => {
    const got = outcomes[index]?.[0];
    const why = got === undefined ? 'no outcome' : differenceOf(look, got);
    return why === undefined ? [] : [`${look.one.name}, ${JSON.stringify(look.row)}: ${why}`];
  });
}

function differenceOf({ one, quiet, row }: Look, got: Outcome): string | undefined {
  const { captured, captureLost, ...rest } = got;
  if (!isDeepStrictEqual(rest, quiet)) return 'it does something else while somebody looks';
  const [input] = one.inputs;
  if (input === undefined || (asksAboutTuples(row) && !isComparable(input, quiet))) return undefined;
  const expected = expectedCapture(row, input, quiet);
  if (expected === undefined) return captured && 'it is told, though nobody asked';
  if (captured === undefined) return 'it is not told';
  const { proxy: _proxy, target: _target, ...told } = captured;
  if (isDeepStrictEqual(told, expected)) return captureLost && 'it is counted as lost';
  return `told ${JSON.stringify(told, inHex)}, expected ${JSON.stringify(expected, inHex)}`;
}

function inHex(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

/** What is not a sound packet, before and after, is matched by what can be read of it: that is not compared. */
function isComparable(input: Input, outcome: Outcome): boolean {
  const isSound = (frame: Uint8Array) =>
    isPacket(parseFrame(frame, { readable: Math.min(frame.length, 256), gso: input.gso !== undefined }));
  return isSound(input.frame) && isSound(outcome.frame);
}

const SEED = 1;
const FILTERS = 12;

/** Looks at every packet of the cases, with no filter and with some made-up ones; says the first difference. */
export async function differsWhileLooking(
  engine: Engine,
  cases: readonly Case[],
): Promise<string | undefined> {
  const quiet = await quietOutcomes(engine, cases);
  const looks = quiet.flatMap((each, index): readonly Look[] =>
    [{}, { expired: true }, ...fc.sample(filterFor(each), { seed: SEED + index, numRuns: FILTERS })].map(
      (row) => ({
        ...each,
        row,
      }),
    ),
  );
  return (await differences(engine, looks))[0];
}
