import { formatEndpoint, parseAddress, parseEndpoint } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import type {
  ConnectionReport,
  InterfaceReport,
  TargetWeightReport,
  TraceQuestion,
  TraceReport,
} from '../report/index.ts';
import { listConnections } from './connections.ts';
import type { DesiredState } from './desired.ts';
import { familyOf } from './families.ts';
import type { KernelSide } from './kernel-side.ts';
import { poolsOf } from './pool-weights.ts';
import { targetsReport } from './reports.ts';
import { listenerKey } from './table-state.ts';
import { traceRoute } from './trace-route.ts';

/** What a trace looks at: what was applied to the tables, and what is open. */
export interface TraceContext {
  readonly desired: DesiredState;
  readonly interfaces: readonly InterfaceReport[];
  readonly targets: readonly TargetWeightReport[];
  /** Open flows of the client. */
  readonly flows: readonly ConnectionReport[];
}

/**
 * Where a connection would go, and why: the way that the data path takes, over what is in the tables.
 * @throws SluiceError `usage` when client or destination are no addresses, or not of one IP version
 */
export function traceConnection(context: TraceContext, question: TraceQuestion): TraceReport {
  const { client, destination, protocol } = parseQuestion(question);
  const flows = context.flows.filter((flow) => flow.listener === destination && flow.protocol === protocol);
  const asked = { ...question, destination, flows };
  const key = `${destination}/${protocol}`;
  const proxy = context.desired.proxies.find(({ listeners }) =>
    listeners.some((each) => listenerKey(each) === key),
  );
  const nothing = { proxy: null, mode: null, interfaces: [], pool: null, algorithm: null, candidates: [] };
  if (proxy === undefined) {
    return {
      ...asked,
      ...nothing,
      outcome: 'not_ours',
      steps: [`no proxy listens on ${key}${nearMiss(context, destination)}`],
    };
  }
  const interfaces = context.interfaces
    .filter(({ role, mode }) => role !== 'reply' && mode !== 'detached')
    .map(({ name }) => name);
  const route = traceRoute(proxy, { ...question, client });
  const pool = poolsOf(proxy).find(({ pool: name, targets }) => {
    const isNamed = name === route.pool || name.startsWith(`${route.pool} IPv`);
    return isNamed && targets.every(({ address }) => familyOf(address) === familyOf(client));
  });
  const candidates = context.targets.filter((each) => each.proxy === proxy.name && each.pool === pool?.pool);
  const steps = [
    `${key} is a listener of proxy ${proxy.name} (${proxy.mode}), on ${interfaces.join(', ') || 'no interface now'}`,
    ...route.steps,
    poolStep(candidates, pool?.algorithm),
    ...flows.map((flow) => `${flow.client} is open and stays with ${flow.target} (${flow.state})`),
  ];
  const found = { proxy: proxy.name, mode: proxy.mode, interfaces, pool: pool?.pool ?? null, candidates };
  const outcome = candidates.length === 0 ? 'no_target' : 'balanced';
  return { ...asked, ...found, algorithm: pool?.algorithm ?? null, outcome, steps };
}

/** {@link traceConnection} over what is in the kernel. @throws SluiceError `usage`, and of the kernel */
export async function traceOver(kernel: KernelSide, question: TraceQuestion): Promise<TraceReport> {
  const { datapath, state, desired } = kernel;
  const { connections: flows } = await listConnections(datapath, state, { client: question.client });
  const { targets } = targetsReport(kernel);
  return traceConnection({ desired, interfaces: kernel.interfaceReports(), targets, flows }, question);
}

/** The client's address and the destination, in one spelling. */
function parseQuestion({ client, destination, protocol }: TraceQuestion) {
  const alone = parseAddress(client);
  const ip = 'problem' in alone ? parseEndpoint(client).ip : alone.text;
  const to = parseEndpoint(destination);
  if (familyOf(ip) !== familyOf(to.ip)) {
    throw new SluiceError('usage', `${client} and ${destination} are not of one IP version`);
  }
  return { client: ip, destination: formatEndpoint(to), protocol };
}

function poolStep(candidates: readonly TargetWeightReport[], algorithm: string | undefined): string {
  if (candidates.length === 0) return 'the pool has no targets of this IP version';
  const shares = candidates.map(
    ({ target, sharePercent }) => `${target} ${Number(sharePercent.toFixed(2))}%`,
  );
  return `a new connection goes to one of ${shares.join(', ')} (${algorithm})`;
}

/** What is nearly that listener. */
function nearMiss({ desired }: TraceContext, destination: string): string {
  const address = destination.slice(0, destination.lastIndexOf(':'));
  const near = desired.proxies.flatMap(({ name, listeners }) =>
    listeners
      .map(listenerKey)
      .filter((key) => key.startsWith(`${address}:`))
      .map((key) => `${key} (${name})`),
  );
  return near.length === 0 ? '' : `; this address has ${near.join(', ')}`;
}
