import { formatEndpoint } from '../config/index.ts';
import { LATENCY_BOUNDS_NS, type LatencyCounts, NO_LATENCY, type TargetEntry } from '../datapath/index.ts';
import type { EventCounts } from '../events/index.ts';
import type {
  CountedTarget,
  HistogramCounts,
  Measurements,
  ProxyDrops,
  TableFill,
} from '../metrics/index.ts';
import type { FlowEventsReport, TargetName, TargetWeightReport } from '../report/index.ts';
import type { Convergence } from './convergence.ts';
import { dnsReport } from './dns-report.ts';
import type { KernelSide } from './kernel-side.ts';
import { poolsOf, targetName } from './pool-weights.ts';
import { proxyNames, targetsReport } from './reports.ts';
import { balancerReport, type StatusParts } from './status-report.ts';

/** What measurements are made of. */
export interface MeasureParts extends StatusParts {
  readonly convergence: Pick<
    Convergence,
    'applied' | 'warnings' | 'healthChecks' | 'circuitBreakers' | 'targetStates'
  >;
  readonly events: EventCounts;
  readonly isReady: boolean;
  /** What was told of single flows. */
  readonly flowEvents: FlowEventsReport;
}

/** Targets that are looked at between two turns of the event loop. */
const TARGETS_PER_TURN = 256;
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Reads all that metrics are made of; the event loop gets its turn in between. @throws SluiceError of the kernel */
export async function measure(parts: MeasureParts): Promise<Measurements> {
  const { kernel, convergence, names, events, isReady, flowEvents } = parts;
  const { healthChecks, circuitBreakers, targetStates, applied } = convergence;
  const weights = await readWeights(kernel);
  const configured = namesOf(weights);
  const targets = await readTargets(kernel, new Set(configured.map(keyOf)));
  return {
    status: balancerReport(parts),
    isReady,
    targets,
    reasons: kernel.datapath.reasonCounts(),
    weights,
    states: configured.map((of) => ({ ...of, state: targetStates.stateOf(of) })),
    drains: targetStates.running(),
    circuits: circuitBreakers.status().circuits,
    checks: healthChecks.totals(),
    rateDrops: readDrops(kernel),
    hosts: dnsReport(applied.config, names).hosts,
    tables: tableFills(kernel, parts.flows),
    flowEvents,
    events: events.counts,
    appliedAtMs: events.appliedAtMs,
  };
}

async function readWeights(kernel: KernelSide): Promise<readonly TargetWeightReport[]> {
  const { datapath, state, desired } = kernel;
  const all: TargetWeightReport[] = [];
  let atPause = 0;
  for (const proxy of desired.proxies) {
    const { targets } = targetsReport({ datapath, state, desired: { ...desired, proxies: [proxy] } });
    for (const target of targets) all.push(target);
    if (all.length - atPause < TARGETS_PER_TURN) continue;
    atPause = all.length;
    await pause();
  }
  return all;
}

/** The counters of every target that the kernel knows, also of those that are gone. */
async function readTargets(
  { datapath, state }: KernelSide,
  configured: ReadonlySet<string>,
): Promise<readonly CountedTarget[]> {
  const entries = [...state.targets.values()];
  const proxies = proxyNames(state);
  const counts = await datapath.measures.targetCounts(idCount(entries));
  const latencies = await datapath.measures.latencies(idCount(entries));
  const all: CountedTarget[] = [];
  for (const entry of entries) {
    const found = counts[entry.id];
    if (found === undefined) continue;
    const name = nameOf(entry, proxies);
    const activeFlows = datapath.activeFlows(entry.id);
    const isListed = activeFlows > 0 || configured.has(keyOf(name));
    const { refused } = datapath.rates.targetRefusals(entry.id);
    const isLimited = entry.intervalNs > 0 || refused > 0;
    const rateRefused = isLimited ? refused : null;
    const latency = inSeconds(latencies[entry.id] ?? NO_LATENCY);
    all.push({ ...name, ...found, activeFlows, isListed, rateRefused, latency });
    if (all.length % TARGETS_PER_TURN === 0) await pause();
  }
  return all;
}

const NS_PER_SEC = 1e9;
const LATENCY_BOUNDS = LATENCY_BOUNDS_NS.map((ns) => ns / NS_PER_SEC);

function inSeconds({ sumNs, buckets }: LatencyCounts): HistogramCounts {
  return { bounds: LATENCY_BOUNDS, counts: buckets, sum: sumNs / NS_PER_SEC };
}

function idCount(entries: readonly TargetEntry[]): number {
  return entries.reduce((most, { id }) => Math.max(most, id + 1), 0);
}

function nameOf({ proxyId, address, port }: TargetEntry, proxies: ReadonlyMap<number, string>): TargetName {
  return { proxy: proxies.get(proxyId) ?? '', target: formatEndpoint({ ip: address, port }) };
}

function keyOf({ proxy, target }: TargetName): string {
  return `${target} ${proxy}`;
}

/** The targets in force, each as its target and its proxy with a space in between. */
export function configuredNames({ desired }: Pick<KernelSide, 'desired'>): ReadonlySet<string> {
  const names = desired.proxies.flatMap((proxy) =>
    poolsOf(proxy).flatMap(({ targets }) =>
      targets.map((target) => keyOf({ proxy: proxy.name, target: targetName(target) })),
    ),
  );
  return new Set(names);
}

/** Each target of each proxy once, in whatever pools it is. */
function namesOf(weights: readonly TargetWeightReport[]): readonly TargetName[] {
  const names = new Map(weights.map(({ proxy, target }) => [keyOf({ proxy, target }), { proxy, target }]));
  return [...names.values()];
}

function readDrops({ datapath, state, desired }: KernelSide): readonly ProxyDrops[] {
  return desired.proxies.flatMap(({ name }) => {
    const id = state.proxies.get(name);
    return id === undefined ? [] : [{ proxy: name, ...datapath.rates.drops(id) }];
  });
}

function tableFills(
  { datapath, state }: KernelSide,
  { active, pending }: StatusParts['flows'],
): readonly TableFill[] {
  const { limits } = datapath;
  const slots = [...state.pools.values()].reduce((sum, { slotCount }) => sum + slotCount, 0);
  return [
    { table: 'flows', entries: active, capacity: datapath.maxFlows },
    { table: 'pending', entries: pending, capacity: datapath.measures.maxPending },
    { table: 'proxies', entries: state.proxies.size, capacity: limits.proxies },
    { table: 'targets', entries: state.targets.size, capacity: limits.targets },
    { table: 'pools', entries: state.pools.size, capacity: limits.pools },
    { table: 'slots', entries: slots, capacity: limits.slots },
  ];
}
