import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST_NAME, type Service } from '../services.ts';
import { clientHello } from './client-hello.ts';
import { type DatagramTally, emptyTally, UdpConversation } from './conversation.ts';
import { LineConnection } from './line-connection.ts';
import { checkHeader } from './proxy-header.ts';
import { Complaints, reportRegularly, soakArguments } from './report.ts';

/** One conversation to hold. */
export interface HeldSpec {
  readonly service: Service;
  readonly address: string;
  readonly source: string;
  /** Of UDP conversations; TCP connections take what the kernel gives. */
  readonly sourcePort: number;
}

/** Arguments of the program that holds conversations. */
export interface HolderArguments {
  readonly conversations: readonly HeldSpec[];
  /** Time between an answer and the next question: random, up to this. */
  readonly pauseMs: number;
}

/** What has become of the conversations. */
export interface HolderCount {
  /** All of them have been opened. */
  readonly ready: boolean;
  /** Closed in good order, as asked. */
  readonly closed: boolean;
  readonly open: number;
  readonly answers: number;
  /** Conversations that were reset, ended or silent. */
  readonly broken: number;
  /** Conversations that another target answered. */
  readonly switched: number;
  /** Conversations by service and target. */
  readonly byTarget: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly datagrams: Readonly<Record<string, DatagramTally>>;
  readonly complaints: readonly string[];
}

/** Conversations opened at the same time, in the beginning. */
const OPENING = 16;

const args = soakArguments<HolderArguments>();
const hello = await clientHello(HOST_NAME);
const byTarget: Record<string, Record<string, number>> = {};
const datagrams: Record<string, DatagramTally> = {};
const complaints = new Complaints();
const state = { ready: false, closed: false, stopping: false, open: 0, answers: 0, broken: 0, switched: 0 };
const counted = (): HolderCount => ({ ...state, byTarget, datagrams, complaints: complaints.texts });
reportRegularly(counted);

const loops: Promise<void>[] = [];
const waiting = args.conversations.map((spec, index) => ({ spec, id: `held-${index}` }));
await Promise.all(Array.from({ length: OPENING }, openSome));
state.ready = true;
await once(process.stdin.resume(), 'end');
state.stopping = true;
await Promise.all(loops);
state.closed = true;

async function openSome(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { spec, id } = next;
    try {
      const { who, ask, close } = await (spec.service.protocol === 'tcp' ? openTcp(spec) : openUdp(spec, id));
      const [target = '', service] = who.split('/');
      if (service !== spec.service.name) throw new Error(`answered by ${who}`);
      const counts = byTarget[spec.service.name] ?? {};
      byTarget[spec.service.name] = { ...counts, [target]: (counts[target] ?? 0) + 1 };
      state.open++;
      loops.push(hold(`${id} of ${spec.service.name}`, who, ask, close));
    } catch (error) {
      fail(`${id} of ${spec.service.name}`, error);
    }
  }
}

async function openTcp({ service, address, source }: HeldSpec) {
  const connection = await LineConnection.open(
    address,
    service.port,
    source,
    service.isNamed ? hello : Buffer.alloc(0),
  );
  const ask = (sequence: number) => connection.ask(sequence);
  const who = await ask(0);
  const { port } = service;
  checkHeader(service, who, { address: source, port: connection.sourcePort }, { address, port });
  return { who, ask, close: () => connection.close() };
}

async function openUdp(spec: HeldSpec, id: string) {
  const tally = datagrams[spec.service.name] ?? emptyTally();
  datagrams[spec.service.name] = tally;
  const { conversation, who } = await UdpConversation.open(spec, id, tally);
  const ask = (sequence: number) => conversation.ask(sequence);
  return { who, ask, close: async () => conversation.close() };
}

/** Asks now and then until the end, or until something is wrong. */
async function hold(
  title: string,
  who: string,
  ask: (sequence: number) => Promise<string>,
  close: () => Promise<void>,
): Promise<void> {
  try {
    for (let sequence = 1; !state.stopping; sequence++) {
      await sleep(Math.random() * args.pauseMs);
      const answerer = await ask(sequence);
      state.answers++;
      if (answerer !== who) {
        state.switched++;
        complaints.add(`${title} was answered by ${answerer} instead of ${who}`);
        who = answerer;
      }
    }
    await close();
  } catch (error) {
    fail(`${title} with ${who}`, error);
  }
  state.open--;
}

function fail(title: string, error: unknown): void {
  state.broken++;
  complaints.add(`${title}: ${error instanceof Error ? error.message : String(error)}`);
}
