import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { programArguments } from './arguments.ts';

/** Arguments of the endless client. */
export interface TrafficArguments {
  readonly protocol: 'http' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Connections or conversations open at the same time. */
  readonly workers: number;
  /** Longest time that one is kept open after its answer; the time is random below that. */
  readonly holdMs: number;
  readonly sourceAddresses: readonly string[];
}

/** What the client has seen since its start; printed every quarter of a second as one line of JSON. */
export interface TrafficCount {
  readonly byTarget: Readonly<Record<string, number>>;
  readonly errors: number;
}

const REPORT_MS = 250;
const TIMEOUT_MS = 3_000;
const PAUSE_AFTER_ERROR_MS = 100;

const args = programArguments<TrafficArguments>();
const byTarget: Record<string, number> = {};
let errors = 0;
let serial = 0;

setInterval(() => process.stdout.write(`${JSON.stringify({ byTarget, errors })}\n`), REPORT_MS);
await Promise.all(Array.from({ length: args.workers }, worker));

async function worker(): Promise<never> {
  for (;;) {
    const source = args.sourceAddresses[serial++ % Math.max(args.sourceAddresses.length, 1)];
    try {
      const name = await (args.protocol === 'http' ? httpVisit(source) : udpVisit(source));
      byTarget[name] = (byTarget[name] ?? 0) + 1;
    } catch {
      errors++;
      await sleep(PAUSE_AFTER_ERROR_MS);
    }
  }
}

/** One TCP connection: a request, its answer, a while of silence, the end. */
async function httpVisit(source: string | undefined): Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const name = await new Promise<string>((resolve, reject) => {
      const options = { agent, timeout: TIMEOUT_MS, ...(source ? { localAddress: source } : {}) };
      const request = get(`http://${args.address}:${args.port}/`, options, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('error', reject).on('end', () => resolve(body.split(' ')[0] ?? ''));
      });
      request.on('timeout', () => request.destroy(new Error('timeout'))).on('error', reject);
    });
    await sleep(Math.random() * args.holdMs);
    return name;
  } finally {
    agent.destroy();
  }
}

/** One UDP conversation: two datagrams and their answers, which must come from one target. */
async function udpVisit(source: string | undefined): Promise<string> {
  const socket = createSocket('udp4');
  try {
    socket.bind(0, source);
    await once(socket, 'listening');
    const names: string[] = [];
    for (let message = 0; message < 2; message++) {
      socket.send('hello', args.port, args.address);
      const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(TIMEOUT_MS) });
      names.push(String(answer).split('\n')[0] ?? '');
      await sleep(Math.random() * args.holdMs);
    }
    const [first = '', second] = names;
    if (first !== second) throw new Error(`answered by ${first} and ${second}`);
    return first;
  } finally {
    socket.close();
  }
}
