import { createInterface } from 'node:readline';
import { HOST_NAME, type Service } from '../services.ts';
import { clientHello } from './client-hello.ts';
import { type DatagramTally, emptyTally, UdpConversation } from './conversation.ts';
import { visit } from './http-visit.ts';
import { checkHeader } from './proxy-header.ts';
import { Complaints, reportRegularly, soakArguments } from './report.ts';

/** Arguments of the program that opens short connections. */
export interface ChurnArguments {
  readonly web: readonly Service[];
  readonly talk: readonly Service[];
  /** The balancer's and the client's own addresses. */
  readonly vip: Readonly<Record<Service['family'], string>>;
  readonly source: Readonly<Record<Service['family'], string>>;
  /** Of all services together. */
  readonly connectionsPerSecond: number;
  readonly conversationsPerSecond: number;
  /** No new UDP conversations after this time: those before are forgotten by the end. */
  readonly talkForMs: number;
}

/**
 * Told while it runs, a line of JSON each: names of the targets that may answer from now on, by service; null while
 * that is changing.
 */
export type Allowed = Readonly<Record<string, readonly string[]>> | null;

/** What has become of the connections. */
export interface ChurnCount {
  /** How often it was told who may answer. */
  readonly generation: number;
  readonly started: number;
  readonly finished: number;
  readonly failed: number;
  /** Connections answered by a target or service that should not have. */
  readonly wrong: number;
  readonly slowestMs: number;
  /** By service and target. */
  readonly byTarget: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly datagrams: Readonly<Record<string, DatagramTally>>;
  /** Told to stop, and nothing is under way. */
  readonly idle: boolean;
  readonly complaints: readonly string[];
}

const TICK_MS = 20;
/** Each port is used once in several minutes: a conversation must be forgotten before its port comes again. */
const FIRST_PORT = 20_000;
const PORTS = 40_000;

const args = soakArguments<ChurnArguments>();
const hello = await clientHello(HOST_NAME);
const byTarget: Record<string, Record<string, number>> = {};
const datagrams: Record<string, DatagramTally> = {};
const complaints = new Complaints();
const state = { started: 0, finished: 0, failed: 0, wrong: 0, slowestMs: 0 };
let allowed: Allowed = null;
let generation = 0;
let stopped = false;
let serial = 0;
const report = reportRegularly(
  (): ChurnCount => ({
    ...state,
    generation,
    byTarget,
    datagrams,
    idle: stopped && state.started === state.finished,
    complaints: complaints.texts,
  }),
);

const begun = performance.now();
const due = { web: 0, talk: 0 };
const timer = setInterval(() => {
  const seconds = (performance.now() - begun) / 1000;
  for (; due.web < seconds * args.connectionsPerSecond; due.web++) start(args.web, due.web, visitWeb);
  const talking = Math.min(seconds, args.talkForMs / 1000);
  for (; due.talk < talking * args.conversationsPerSecond; due.talk++) start(args.talk, due.talk, talk);
}, TICK_MS);
for await (const line of createInterface({ input: process.stdin })) {
  allowed = JSON.parse(line) as Allowed;
  generation++;
  report.now();
}
stopped = true;
clearInterval(timer);

/** Begins a connection of the next service; its end is counted whenever it comes. */
function start(
  services: readonly Service[],
  turn: number,
  work: (service: Service) => Promise<string>,
): void {
  const service = services[turn % services.length];
  if (service === undefined) return;
  state.started++;
  const since = { generation, allowed, atMs: performance.now() };
  work(service)
    .then((who) => judge(service, who, since))
    .catch((error: unknown) => {
      state.failed++;
      complaints.add(`${service.name}: ${error instanceof Error ? error.message : String(error)}`);
    })
    .finally(() => {
      state.finished++;
      state.slowestMs = Math.max(state.slowestMs, Math.round(performance.now() - since.atMs));
    });
}

function judge(
  service: Service,
  who: string,
  since: { readonly generation: number; readonly allowed: Allowed },
) {
  const [target = '', answering] = who.split('/');
  const counts = byTarget[service.name] ?? {};
  byTarget[service.name] = { ...counts, [target]: (counts[target] ?? 0) + 1 };
  // What was open while the targets changed may have been answered by old ones.
  const names = since.generation === generation ? since.allowed?.[service.name] : undefined;
  if (answering === service.name && (names === undefined || names.includes(target))) return;
  state.wrong++;
  complaints.add(`${service.name} was answered by ${who}${names ? ` and not by ${names.join(' or ')}` : ''}`);
}

async function visitWeb(service: Service): Promise<string> {
  const { family, port, isNamed } = service;
  const [address, source] = [args.vip[family], args.source[family]];
  const { body, sourcePort } = await visit(address, port, source, isNamed ? hello : Buffer.alloc(0));
  checkHeader(service, body, { address: source, port: sourcePort }, { address, port });
  return body;
}

async function talk(service: Service): Promise<string> {
  const tally = datagrams[service.name] ?? emptyTally();
  datagrams[service.name] = tally;
  const source = args.source[service.family];
  const sourcePort = FIRST_PORT + (serial % PORTS);
  const id = `${source}-${serial++}`;
  const route = { service, address: args.vip[service.family], source, sourcePort };
  const { conversation, who } = await UdpConversation.open(route, id, tally);
  try {
    const again = await conversation.ask(1);
    if (again !== who) throw new Error(`answered by ${who} first, then by ${again}`);
    return who;
  } finally {
    conversation.close();
  }
}
