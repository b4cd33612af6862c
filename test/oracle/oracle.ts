import {
  type Case,
  type Engine,
  type HookName,
  type Input,
  NOTHING_LOST,
  type Outcome,
} from '../engines/index.ts';
import { type Context, type Result, randomsOf } from './context.ts';
import { createFib, type Fib } from './fib.ts';
import { tcEgress, tcIngress, xdpIngress } from './hooks.ts';
import { holdRows } from './late/slots.ts';
import { sourceBucketRows, targetBucketRows } from './rate.ts';
import { flowRows, fragmentRows, loadTables, type Tables } from './tables.ts';

/** Where time begins; far enough from zero for every age that a state may name. */
const FIRST_EPOCH = 1_000_000;

const HOOKS: Readonly<Record<HookName, (context: Context, fib: Fib) => Result>> = {
  xdp_ingress: xdpIngress,
  tc_ingress: tcIngress,
  tc_egress: tcEgress,
};

/**
 * A slow, plain model of the data path, which shares no code with it. It says what must come of every packet; the other
 * engines are compared with it. Its tables are never full, and nobody else uses them.
 */
export function createOracle(): Engine {
  const fib = createFib();
  return {
    name: 'oracle',
    capabilities: {
      hooks: ['xdp_ingress', 'tc_ingress', 'tc_egress'],
      randoms: true,
      clock: true,
      gso: true,
      linear: true,
      partialChecksum: true,
      vlanStripped: true,
      redirect: true,
    },
    run: async (cases) => cases.map((one) => runCase(one, fib)),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What must come of each input of a case. */
export function runCase({ state, options, inputs }: Case, fib: Fib): readonly Outcome[] {
  const tables = loadTables(state, FIRST_EPOCH);
  let now = FIRST_EPOCH;
  return inputs.map((input) => {
    now += input.epochsLater ?? 0;
    const context: Context = {
      tables,
      options,
      input,
      now,
      random: randomsOf(input.randoms ?? []),
      targets: new Map(),
      refused: new Map(),
    };
    return outcomeOf(HOOKS[input.hook](context, fib), input, context, tables);
  });
}

function outcomeOf(result: Result, input: Input, context: Context, tables: Tables): Outcome {
  return {
    verdict: result.verdict,
    frame: result.frame ?? input.frame,
    ...(result.redirect ? { redirect: result.redirect } : {}),
    ...(result.copies?.length ? { copies: result.copies } : {}),
    reasons: { [result.reason]: 1 },
    targets: Object.fromEntries(context.targets),
    failures: [...context.targets.values()].reduce((sum, { refused }) => sum + refused, 0),
    flows: flowRows(tables, tables.flows, context.now),
    pending: flowRows(tables, tables.pending, context.now),
    held: holdRows(tables.slots),
    fragments: fragmentRows(tables.fragments, context.now),
    sourceBuckets: sourceBucketRows(tables.rates, context.now),
    targetBuckets: targetBucketRows(tables.rates, context.now),
    refused: Object.fromEntries(context.refused),
    events: tables.telling.events.splice(0),
    losses: NOTHING_LOST,
  };
}
