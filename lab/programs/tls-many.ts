import { connect } from 'node:tls';
import { programArguments } from './arguments.ts';
import { countError } from './tally.ts';

/** Where the connections go. */
export interface TlsWay {
  readonly address: string;
  readonly port: number;
  /** Name to ask for and to verify. */
  readonly name: string;
}

/** Arguments of the program. */
export interface TlsManyArguments {
  /** Used in turn, connection by connection. */
  readonly ways: readonly TlsWay[];
  /** Connections of each way. */
  readonly count: number;
  /** PEM of the authority that must have signed. */
  readonly authority: string;
  readonly timeoutMs: number;
}

/** What came of the connections of a way. */
export interface TlsManyResult {
  /** Connections by the target that answered, named by the first word of the body. */
  readonly byTarget: Record<string, number>;
  /** Failed connections by error code. */
  readonly errors: Record<string, number>;
  /** From connect() to the end of the TLS handshake, of each connection that did not fail, in order. */
  readonly handshakesMs: number[];
}

const args = programArguments<TlsManyArguments>();
const results: readonly TlsManyResult[] = args.ways.map(() => ({
  byTarget: {},
  errors: {},
  handshakesMs: [],
}));
for (let round = 0; round < args.count; round++) {
  for (const [index, way] of args.ways.entries()) {
    const result = results[index];
    if (result) await connection(way, result);
  }
}
process.stdout.write(`${JSON.stringify(results)}\n`);

/** One connection with one request; a new session each. */
async function connection({ address, port, name }: TlsWay, result: TlsManyResult): Promise<void> {
  const begun = performance.now();
  const socket = connect({ host: address, port, servername: name, ca: args.authority });
  const timer = setTimeout(() => socket.destroy(new Error('timeout')), args.timeoutMs);
  let handshakeMs = 0;
  socket.once('secureConnect', () => {
    handshakeMs = performance.now() - begun;
    socket.write(`GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
  });
  try {
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    const target = answer.slice(answer.indexOf('\r\n\r\n') + 4).split(/\s/)[0] ?? '';
    result.byTarget[target] = (result.byTarget[target] ?? 0) + 1;
    result.handshakesMs.push(handshakeMs);
  } catch (error) {
    countError(result.errors, error);
  } finally {
    clearTimeout(timer);
  }
}
