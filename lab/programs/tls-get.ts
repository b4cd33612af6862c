import { createConnection } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { serve } from './serve.ts';

/** Arguments of the TLS client. */
export interface TlsGetArguments {
  readonly address: string;
  readonly port: number;
  /** Name to ask for and to verify; empty: ask for none, verify none. */
  readonly name: string;
  /** PEM of the authority that must have signed. */
  readonly authority: string;
  readonly version?: SecureVersion;
  /** Bytes by which the ClientHello is made longer, by ALPN protocols that nobody speaks. */
  readonly moreHelloBytes?: number;
  /** Send this many of the first bytes one by one, each in a segment of its own. */
  readonly bytewise?: number;
  readonly timeoutMs: number;
}

/** What came of it. */
export interface TlsGetResult {
  readonly body: string;
  readonly verified: boolean;
  readonly version: string | null;
  readonly error: string | null;
}

const PROTOCOL_BYTES = 40;

await serve(get);

/** A TCP connection that sends its first bytes one by one. */
function slowStart({ address, port }: TlsGetArguments, bytewise: number): Duplex {
  const socket = createConnection({ host: address, port, noDelay: true });
  let left = bytewise;
  const outer = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => sendSome(chunk, done),
    final: (done) => {
      socket.end(done);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  const sendSome = (chunk: Buffer, done: (error?: Error | null) => void): void => {
    if (left <= 0 || chunk.length <= 1) {
      left -= chunk.length;
      socket.write(chunk, done);
      return;
    }
    left -= 1;
    socket.write(chunk.subarray(0, 1), (error) => (error ? done(error) : sendSome(chunk.subarray(1), done)));
  };
  socket.on('data', (data) => {
    if (!outer.push(data)) socket.pause();
  });
  socket.on('end', () => outer.push(null));
  socket.on('error', (error) => outer.destroy(error));
  return outer;
}

function connected(args: TlsGetArguments): TLSSocket {
  const { address, port, name, authority, version, moreHelloBytes = 0, bytewise = 0 } = args;
  const noise = Array.from({ length: Math.ceil(moreHelloBytes / (PROTOCOL_BYTES + 1)) }, (_, index) =>
    `none-${index}-`.padEnd(PROTOCOL_BYTES, 'x'),
  );
  return connect({
    ...(bytewise > 0 ? { socket: slowStart(args, bytewise) } : { host: address, port }),
    ...(name === '' ? {} : { servername: name }),
    ...(version ? { minVersion: version, maxVersion: version } : {}),
    ca: authority,
    rejectUnauthorized: name !== '',
    ALPNProtocols: [...noise, 'http/1.1'],
  });
}

async function get(args: TlsGetArguments): Promise<TlsGetResult> {
  const { name, timeoutMs } = args;
  const socket = connected(args);
  const timer = setTimeout(() => socket.destroy(new Error('timeout')), timeoutMs);
  const result = { verified: false, version: null as string | null };
  const chunks: Buffer[] = [];
  socket.once('secureConnect', () => {
    result.verified = socket.authorized;
    result.version = socket.getProtocol();
    socket.write(`GET / HTTP/1.1\r\nHost: ${name || 'x'}\r\nConnection: close\r\n\r\n`);
  });
  try {
    for await (const chunk of socket) chunks.push(Buffer.from(chunk as Buffer));
    const answer = Buffer.concat(chunks).toString();
    return { ...result, body: answer.slice(answer.indexOf('\r\n\r\n') + 4), error: null };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return { ...result, body: '', error: code || message };
  } finally {
    clearTimeout(timer);
  }
}
