import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { SluiceError } from '../errors/index.ts';

/** How to reach a daemon by its unix socket. */
export interface SocketAddress {
  readonly socketPath: string;
}

/** How to reach a daemon by TCP. */
export interface UrlAddress {
  /** `http://127.0.0.1:8081`, `https://balancer.example:8081`. */
  readonly url: string;
  /** The secret of `settings.adminApi`. */
  readonly token?: string | undefined;
  /** Authorities (PEM) to trust besides those of Node.js, e.g. the certificate itself when it is self-signed. */
  readonly ca?: string | undefined;
}

/** How to reach a daemon. */
export type AdminClientOptions = (SocketAddress | UrlAddress) & {
  /** Longest wait for an answer; default 10,000. */
  readonly timeoutMs?: number;
  /** Ends every request of this client. */
  readonly signal?: AbortSignal;
};

/** What a request may have besides its path. */
export interface RequestExtras {
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Of JSON what it says, of plain text the text. */
  readonly body: unknown;
}

/** Asks a daemon. @throws SluiceError `unreachable` when none answers, `permission` when its socket may not be used */
export async function exchange(
  options: AdminClientOptions,
  method: string,
  path: string,
  extras: RequestExtras,
): Promise<Answer> {
  const timeoutMs = Math.max(options.timeoutMs ?? 10_000, extras.timeoutMs ?? 0);
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  try {
    const { body, headers = {} } = extras;
    const incoming = await send(options, method, path, { body, headers, signal });
    return { status: incoming.statusCode ?? 0, body: await readBody(incoming) };
  } catch (error) {
    throw timeout.aborted ? noAnswer(options, timeoutMs) : transportError(options, error);
  }
}

/** Sends a request and gives the answer once its head is there. @throws Error of the transport */
export function send(
  options: SocketAddress | UrlAddress,
  method: string,
  path: string,
  extras: {
    /** What is sent as JSON. */
    readonly body?: unknown;
    /** What is sent as it is, instead of a body. */
    readonly text?: string;
    readonly signal: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<IncomingMessage> {
  const body = extras.body === undefined ? (extras.text ?? '') : JSON.stringify(extras.body);
  const headers = {
    accept: 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...(extras.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...extras.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = openRequest(options, { method, headers, agent: false, signal: extras.signal }, path);
    outgoing.once('error', reject);
    outgoing.once('response', resolve);
    outgoing.end(body);
  });
}

function openRequest(to: SocketAddress | UrlAddress, options: RequestOptions, path: string) {
  if ('socketPath' in to) return request({ ...options, socketPath: to.socketPath, path });
  const url = new URL(path, to.url);
  const token = to.token === undefined ? {} : { authorization: `Bearer ${to.token}` };
  const withToken = { ...options, headers: { ...options.headers, ...token } };
  if (url.protocol !== 'https:') return request(url, withToken);
  return tlsRequest(url, { ...withToken, ...(to.ca === undefined ? {} : { ca: to.ca }) });
}

/** What JSON says; other texts as they are. */
async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return incoming.headers['content-type']?.startsWith('text/plain') ? text : JSON.parse(text);
}

function nameOf(to: SocketAddress | UrlAddress): string {
  return 'socketPath' in to ? to.socketPath : to.url;
}

function noAnswer(to: SocketAddress | UrlAddress, timeoutMs: number): SluiceError {
  return new SluiceError(
    'unreachable',
    `the daemon on "${nameOf(to)}" gave no answer within ${timeoutMs} ms`,
  );
}

/** The error of a connection that did not come about. */
export function transportError(to: SocketAddress | UrlAddress, cause: unknown): SluiceError {
  if (cause instanceof SluiceError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if ((code === 'EACCES' || code === 'EPERM') && 'socketPath' in to) {
    return new SluiceError('permission', `the admin socket "${to.socketPath}" may not be used`, {
      fix: 'run with sudo, or join the group that owns the socket',
      cause,
    });
  }
  const isExpected = code === 'ENOENT' || code === 'ECONNREFUSED';
  const why = isExpected ? '' : ` (${cause instanceof Error ? cause.message : String(cause)})`;
  const start = 'is the daemon running? start it with: sluice run -c FILE';
  const url = 'is the daemon running, and are settings.adminApi and the certificate (--admin-ca) right?';
  return new SluiceError('unreachable', `no daemon answers on "${nameOf(to)}"${why}`, {
    fix: 'socketPath' in to ? start : url,
    cause,
  });
}
