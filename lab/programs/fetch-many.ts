import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { serve } from './serve.ts';
import { concurrently, countError } from './tally.ts';

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

/** What the HTTP client saw. */
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

type Tally = { -readonly [Name in keyof Omit<FetchManyResult, 'durationMs'>]: FetchManyResult[Name] };

await serve(fetchMany);

async function fetchMany(args: FetchManyArguments): Promise<FetchManyResult> {
  const tally: Tally = { byTarget: {}, errors: {}, switched: 0, sentBytes: 0, receivedBytes: 0 };
  const started = performance.now();
  await concurrently(args, (index) => count(args, index, tally));
  return { ...tally, durationMs: performance.now() - started };
}

/** Makes one connection and counts what became of it. */
async function count(args: FetchManyArguments, index: number, tally: Tally): Promise<void> {
  const { byTarget, errors } = tally;
  try {
    const answers = await connection(args, index, tally);
    const name = answers.targets[0] ?? '';
    byTarget[name] = (byTarget[name] ?? 0) + 1;
    if (new Set(answers.targets).size > 1 || answers.ports.size > 1) tally.switched++;
  } catch (error) {
    countError(errors, error);
  }
}

async function connection(
  args: FetchManyArguments,
  index: number,
  tally: Tally,
): Promise<{ targets: readonly string[]; ports: ReadonlySet<number> }> {
  const keepAlive = args.requestsPerConnection > 1;
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  const localAddress = args.sourceAddresses[index % Math.max(args.sourceAddresses.length, 1)];
  const targets: string[] = [];
  const ports = new Set<number>();
  const sockets = new Set<Socket>();
  try {
    for (let request = 0; request < args.requestsPerConnection; request++) {
      const answer = await fetchOnce(args, agent, localAddress);
      targets.push(answer.target);
      ports.add(answer.port);
      sockets.add(answer.socket);
    }
  } finally {
    for (const { bytesWritten, bytesRead } of sockets) {
      tally.sentBytes += bytesWritten;
      tally.receivedBytes += bytesRead;
    }
    agent.destroy();
  }
  return { targets, ports };
}

function fetchOnce(
  { url, timeoutMs }: FetchManyArguments,
  agent: Agent,
  localAddress: string | undefined,
): Promise<{ target: string; port: number; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: timeoutMs, ...(localAddress ? { localAddress } : {}) });
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
