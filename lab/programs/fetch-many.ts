import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { programArguments } from './arguments.ts';

/** Arguments of the HTTP client. */
export interface FetchManyArguments {
  readonly url: string;
  /** Connections in total, each with its own source port. */
  readonly count: number;
  /** Connections open at the same time. */
  readonly concurrency: number;
  /** Requests on each connection, one after the other. */
  readonly requestsPerConnection: number;
  readonly timeoutMs: number;
  /** Used in turn; empty lets the kernel choose. */
  readonly sourceAddresses: readonly string[];
}

/** What the HTTP client saw; printed as one line of JSON. */
export interface FetchManyResult {
  /** Connections by the target that answered, named by the first word of the body. */
  readonly byTarget: Record<string, number>;
  /** Failed connections by error code, or `HTTP nnn`. */
  readonly errors: Record<string, number>;
  /** Connections whose requests were answered by more than one target, or that had to be opened again. */
  readonly switched: number;
  /** What went over all connections, without the headers of TCP and IP, bytes. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly durationMs: number;
}

const args = programArguments<FetchManyArguments>();
const byTarget: Record<string, number> = {};
const errors: Record<string, number> = {};
let switched = 0;
let sentBytes = 0;
let receivedBytes = 0;
let next = 0;

const started = performance.now();
await Promise.all(Array.from({ length: Math.min(args.concurrency, args.count) }, worker));
const durationMs = performance.now() - started;
const result: FetchManyResult = { byTarget, errors, switched, sentBytes, receivedBytes, durationMs };
process.stdout.write(`${JSON.stringify(result)}\n`);

async function worker(): Promise<void> {
  for (let index = next++; index < args.count; index = next++) {
    try {
      const answers = await connection(index);
      const name = answers.targets[0] ?? '';
      byTarget[name] = (byTarget[name] ?? 0) + 1;
      if (new Set(answers.targets).size > 1 || answers.ports.size > 1) switched++;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      errors[code] = (errors[code] ?? 0) + 1;
    }
  }
}

async function connection(
  index: number,
): Promise<{ targets: readonly string[]; ports: ReadonlySet<number> }> {
  const keepAlive = args.requestsPerConnection > 1;
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  const localAddress = args.sourceAddresses[index % Math.max(args.sourceAddresses.length, 1)];
  const targets: string[] = [];
  const ports = new Set<number>();
  const sockets = new Set<Socket>();
  try {
    for (let request = 0; request < args.requestsPerConnection; request++) {
      const answer = await fetchOnce(agent, localAddress);
      targets.push(answer.target);
      ports.add(answer.port);
      sockets.add(answer.socket);
    }
  } finally {
    for (const { bytesWritten, bytesRead } of sockets) {
      sentBytes += bytesWritten;
      receivedBytes += bytesRead;
    }
    agent.destroy();
  }
  return { targets, ports };
}

function fetchOnce(
  agent: Agent,
  localAddress: string | undefined,
): Promise<{ target: string; port: number; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const request = get(args.url, {
      agent,
      timeout: args.timeoutMs,
      ...(localAddress ? { localAddress } : {}),
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
    request.on('error', reject);
    request.on('response', (response) => {
      const { socket } = response;
      const port = socket.localPort ?? 0;
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) {
          resolve({ target: body.split(/\s/, 1)[0] ?? '', port, socket });
        } else reject(Object.assign(new Error(body), { code: `HTTP ${response.statusCode}` }));
      });
    });
  });
}
