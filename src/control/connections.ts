import { formatEndpoint, parseAddress, parseEndpoint } from '../config/index.ts';
import type { Datapath, FlowEntry } from '../datapath/index.ts';
import type { ConnectionFilter, ConnectionReport, ConnectionsReport } from '../report/index.ts';
import { proxyNames } from './reports.ts';
import type { TableState } from './table-state.ts';

/** Where flows are read from. */
export type FlowSource = Pick<Datapath, 'flows'>;

const DEFAULT_LIMIT = 1000;
const NS_PER_MS = 1_000_000n;

/**
 * Lists the flows that match. Two walks, so that only what is listed is held in memory: the first picks
 * forward halves, the second finds their replies.
 * @throws SluiceError `usage` when the filter names no client or target by address or address and port
 */
export async function listConnections(
  datapath: FlowSource,
  state: TableState,
  filter: ConnectionFilter,
): Promise<ConnectionsReport> {
  const names = proxyNames(state);
  const matches = matcher(filter);
  const { limit = DEFAULT_LIMIT, offset = 0 } = filter;
  const picked: FlowEntry[] = [];
  let total = 0;
  for await (const flow of datapath.flows()) {
    if (flow.direction !== 'forward' || !matches(flow, names.get(flow.proxyId))) continue;
    total++;
    if (total > offset && picked.length < limit) picked.push(flow);
  }
  const replies = await findReplies(datapath, picked);
  const nowNs = process.hrtime.bigint();
  const connections = picked
    .map((flow) => toReport(flow, replies.get(replyKey(flow)), names.get(flow.proxyId) ?? '', nowNs))
    .sort((a, b) => a.ageSeconds - b.ageSeconds);
  return { total, connections };
}

async function findReplies(
  datapath: FlowSource,
  forwards: readonly FlowEntry[],
): Promise<ReadonlyMap<string, FlowEntry>> {
  const wanted = new Set(forwards.map(replyKey));
  const found = new Map<string, FlowEntry>();
  if (wanted.size === 0) return found;
  for await (const flow of datapath.flows()) {
    const key = `${flow.protocol} ${flow.from} ${flow.to}`;
    if (flow.direction === 'reply' && wanted.has(key)) found.set(key, flow);
  }
  return found;
}

/** The 5-tuple of the packets that answer a forward half. */
function replyKey(flow: FlowEntry): string {
  return `${flow.protocol} ${flow.newTo} ${flow.newFrom}`;
}

function matcher(filter: ConnectionFilter): (flow: FlowEntry, proxy: string | undefined) => boolean {
  const isTarget = endMatcher(filter.target);
  const isClient = endMatcher(filter.client);
  return (flow, proxy) =>
    (filter.proxy === undefined || filter.proxy === proxy) && isTarget(flow.newTo) && isClient(flow.from);
}

/** An end of a flow is named by its address, or by address and port, in any spelling. */
function endMatcher(name: string | undefined): (endpoint: string) => boolean {
  if (name === undefined) return () => true;
  const address = parseAddress(name);
  if (!('problem' in address)) return (endpoint) => addressOf(endpoint) === address.text;
  const exact = formatEndpoint(parseEndpoint(name));
  return (endpoint) => endpoint === exact;
}

function addressOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

function toReport(
  flow: FlowEntry,
  reply: FlowEntry | undefined,
  proxy: string,
  nowNs: bigint,
): ConnectionReport {
  const seenNs = reply !== undefined && reply.seenNs > flow.seenNs ? reply.seenNs : flow.seenNs;
  return {
    protocol: flow.protocol,
    client: flow.from,
    listener: flow.to,
    target: flow.newTo,
    proxy,
    state: flow.state,
    ageSeconds: secondsBetween(flow.createdNs, nowNs),
    idleSeconds: secondsBetween(seenNs, nowNs),
    forward: { packets: flow.packets, bytes: flow.bytes },
    reply: { packets: reply?.packets ?? 0, bytes: reply?.bytes ?? 0 },
  };
}

function secondsBetween(fromNs: bigint, toNs: bigint): number {
  return Math.max(0, Number((toNs - fromNs) / NS_PER_MS) / 1000);
}
