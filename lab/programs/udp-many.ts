import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { programArguments } from './arguments.ts';

/** Arguments of the UDP client. */
export interface UdpManyArguments {
  readonly address: string;
  readonly port: number;
  /** Conversations in total, each with its own source port. */
  readonly count: number;
  /** Datagrams in each conversation; each waits for the answer to the one before. */
  readonly messages: number;
  /** Payload of a datagram, bytes. */
  readonly sizeBytes: number;
  readonly concurrency: number;
  /** How long to wait for one answer. A lost datagram is not sent again. */
  readonly timeoutMs: number;
  /** Used in turn; empty lets the kernel choose. */
  readonly sourceAddresses: readonly string[];
}

/** What the UDP client saw; printed as one line of JSON. */
export interface UdpManyResult {
  /** Conversations by the target that answered first. */
  readonly byTarget: Record<string, number>;
  /** Datagrams without an answer in time. */
  readonly lost: number;
  /** Answers whose payload was not the one sent. */
  readonly corrupted: number;
  /** Conversations answered by more than one target. */
  readonly switched: number;
  /** Failed conversations by error code. */
  readonly errors: Record<string, number>;
  readonly durationMs: number;
}

const args = programArguments<UdpManyArguments>();
const byTarget: Record<string, number> = {};
const errors: Record<string, number> = {};
let lost = 0;
let corrupted = 0;
let switched = 0;
let next = 0;

const started = performance.now();
await Promise.all(Array.from({ length: Math.min(args.concurrency, args.count) }, worker));
const result: UdpManyResult = {
  byTarget,
  lost,
  corrupted,
  switched,
  errors,
  durationMs: performance.now() - started,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function worker(): Promise<void> {
  for (let index = next++; index < args.count; index = next++) {
    const socket = createSocket(isIPv6(args.address) ? 'udp6' : 'udp4');
    try {
      const names = await conversation(
        socket,
        args.sourceAddresses[index % Math.max(args.sourceAddresses.length, 1)],
      );
      const [first] = names;
      if (first !== undefined) byTarget[first] = (byTarget[first] ?? 0) + 1;
      if (names.size > 1) switched++;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      errors[code] = (errors[code] ?? 0) + 1;
    } finally {
      socket.close();
    }
  }
}

async function conversation(socket: Socket, source: string | undefined): Promise<ReadonlySet<string>> {
  if (source !== undefined) {
    socket.bind(0, source);
    await once(socket, 'listening');
  }
  socket.connect(args.port, args.address);
  await once(socket, 'connect');
  const names = new Set<string>();
  for (let message = 0; message < args.messages; message++) {
    const payload = randomBytes(args.sizeBytes);
    const answer = await ask(socket, payload);
    if (answer === undefined) {
      lost++;
      continue;
    }
    const lineEnd = answer.indexOf(10);
    names.add(answer.subarray(0, lineEnd).toString('utf8'));
    if (digest(answer.subarray(lineEnd + 1)) !== digest(payload)) corrupted++;
  }
  return names;
}

function ask(socket: Socket, payload: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      socket.off('message', onMessage).off('error', onError);
      settle();
    };
    const onMessage = (answer: Buffer) => done(() => resolve(answer));
    const onError = (error: Error) => done(() => reject(error));
    const timer = setTimeout(() => done(() => resolve(undefined)), args.timeoutMs);
    socket.once('message', onMessage).once('error', onError);
    socket.send(payload);
  });
}

function digest(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
