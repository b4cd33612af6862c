import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { serve } from './serve.ts';
import { concurrently, countError } from './tally.ts';

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

/** What the UDP client saw. */
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

type Tally = { -readonly [Name in keyof Omit<UdpManyResult, 'durationMs'>]: UdpManyResult[Name] };

await serve(udpMany);

async function udpMany(args: UdpManyArguments): Promise<UdpManyResult> {
  const tally: Tally = { byTarget: {}, lost: 0, corrupted: 0, switched: 0, errors: {} };
  const started = performance.now();
  await concurrently(args, (index) => count(args, index, tally));
  return { ...tally, durationMs: performance.now() - started };
}

/** Holds one conversation and counts what became of it. */
async function count(args: UdpManyArguments, index: number, tally: Tally): Promise<void> {
  const { byTarget, errors } = tally;
  const socket = createSocket(isIPv6(args.address) ? 'udp6' : 'udp4');
  try {
    const source = args.sourceAddresses[index % Math.max(args.sourceAddresses.length, 1)];
    const names = await conversation(args, socket, source, tally);
    const [first] = names;
    if (first !== undefined) byTarget[first] = (byTarget[first] ?? 0) + 1;
    if (names.size > 1) tally.switched++;
  } catch (error) {
    countError(errors, error);
  } finally {
    socket.close();
  }
}

async function conversation(
  args: UdpManyArguments,
  socket: Socket,
  source: string | undefined,
  tally: Tally,
): Promise<ReadonlySet<string>> {
  if (source !== undefined) {
    socket.bind(0, source);
    await once(socket, 'listening');
  }
  socket.connect(args.port, args.address);
  await once(socket, 'connect');
  const names = new Set<string>();
  for (let message = 0; message < args.messages; message++) {
    const payload = randomBytes(args.sizeBytes);
    const answer = await ask(socket, payload, args.timeoutMs);
    if (answer === undefined) {
      tally.lost++;
      continue;
    }
    const lineEnd = answer.indexOf(10);
    names.add(answer.subarray(0, lineEnd).toString('utf8'));
    if (digest(answer.subarray(lineEnd + 1)) !== digest(payload)) tally.corrupted++;
  }
  return names;
}

function ask(socket: Socket, payload: Buffer, timeoutMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      socket.off('message', onMessage).off('error', onError);
      settle();
    };
    const onMessage = (answer: Buffer) => done(() => resolve(answer));
    const onError = (error: Error) => done(() => reject(error));
    const timer = setTimeout(() => done(() => resolve(undefined)), timeoutMs);
    socket.once('message', onMessage).once('error', onError);
    socket.send(payload);
  });
}

function digest(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
