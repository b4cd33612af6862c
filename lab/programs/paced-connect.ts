import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { programArguments } from './arguments.ts';

/** Arguments of the client that connects at a steady pace. */
export interface PacedArguments {
  readonly address: string;
  readonly port: number;
  readonly perSecond: number;
  readonly timeoutMs: number;
}

/** What became of one new connection; printed as one line of JSON when it is known. */
export interface PacedConnection {
  /** When it began, milliseconds since 1970. */
  readonly atMs: number;
  /** How long it took until an answer or an error. */
  readonly tookMs: number;
  /** The target that answered, the first word of an HTTP answer's body; null when none did. */
  readonly target: string | null;
  /** `ECONNREFUSED`, `TIMEOUT`; null when there was an answer. */
  readonly error: string | null;
}

const REQUEST = 'GET / HTTP/1.0\r\n\r\n';

const args = programArguments<PacedArguments>();
const beganMs = Date.now();
for (let count = 0; ; count++) {
  const dueMs = beganMs + (count * 1000) / args.perSecond;
  const waitMs = dueMs - Date.now();
  if (waitMs > 0) await sleep(waitMs);
  attempt();
}

function attempt(): void {
  const atMs = Date.now();
  const socket = connect({ host: args.address, port: args.port });
  let answer = '';
  let isTold = false;
  const tell = (target: string | null, error: string | null) => {
    if (isTold) return;
    isTold = true;
    clearTimeout(timer);
    socket.destroy();
    const told: PacedConnection = { atMs, tookMs: Date.now() - atMs, target, error };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  };
  const timer = setTimeout(() => tell(null, 'TIMEOUT'), args.timeoutMs);
  socket.on('error', (error) => tell(null, 'code' in error ? String(error.code) : error.message));
  socket.on('connect', () => socket.write(REQUEST));
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  socket.on('close', () => {
    const [, body] = answer.split('\r\n\r\n');
    tell(body?.split(/\s/)[0] ?? null, body === undefined ? 'CLOSED' : null);
  });
}
