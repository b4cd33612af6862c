import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { formatEndpoint } from '../../config/index.ts';
import { failureOf } from '../outcome.ts';
import { attempt, type StartCheck, type Verdict } from './attempt.ts';
import { behindHeader } from './local-header.ts';
import type { CheckTarget } from './tcp.ts';

/** What an HTTP check asks for. */
export interface HttpTarget extends CheckTarget {
  /** Begins with `/`. */
  readonly path: string;
  /** Status codes that count as success. Redirects are not followed: they are codes like any other. */
  readonly expectedCodes: readonly number[];
  /** `Host` header; default the address and port. */
  readonly serverName?: string | undefined;
}

/** What an HTTPS check asks for. */
export interface HttpsTarget extends HttpTarget {
  /** Refuse a certificate that no trusted authority has signed, that has expired, or that names another server. */
  readonly verify: boolean;
  /** Trusted authorities; default those that Node.js knows. */
  readonly context?: SecureContext | undefined;
}

/** More than any sane answer's headers. */
const MAX_HEADER_BYTES = 16 * 1024;

/** Sends a GET and looks at the status code; the body is not read. */
export function httpCheck(target: HttpTarget): StartCheck {
  const options = requestOptions(target);
  return (done) =>
    attempt(target.timeoutMs, done, (verdict) =>
      target.proxyProtocol
        ? behindHeader(target, verdict, (socket) => ask(requestOver(socket, options), target, verdict))
        : ask(httpRequest(options), target, verdict),
    );
}

/** The same over TLS, with SNI when there is a name. */
export function httpsCheck(target: HttpsTarget): StartCheck {
  const options = requestOptions(target);
  const tls = {
    servername: target.serverName ?? '',
    rejectUnauthorized: target.verify,
    secureContext: target.context ?? createSecureContext(),
  };
  return (done) =>
    attempt(target.timeoutMs, done, (verdict) =>
      target.proxyProtocol
        ? behindHeader(target, verdict, (socket) =>
            ask(requestOver(connectTls({ ...tls, socket }), options), target, verdict),
          )
        : ask(httpsRequest({ ...options, ...tls }), target, verdict),
    );
}

/** A request over a connection that is there. */
function requestOver(socket: Socket, { agent: _, ...options }: RequestOptions): ClientRequest {
  return httpRequest({ ...options, createConnection: () => socket });
}

function requestOptions({ ip, port, path, serverName }: HttpTarget): RequestOptions {
  return {
    host: ip,
    port,
    path,
    agent: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headers: {
      host: serverName ?? formatEndpoint({ ip, port }),
      'user-agent': 'sluice-health-check',
    },
  };
}

function ask(request: ClientRequest, { expectedCodes }: HttpTarget, { succeed, fail }: Verdict): () => void {
  request.on('error', (error) => fail(failureOf(error)));
  request.once('response', (response: IncomingMessage) => {
    // Closing the request in the middle of a body is an error to whoever reads it.
    response.on('error', () => {});
    const { statusCode = 0 } = response;
    if (expectedCodes.includes(statusCode)) succeed(`HTTP ${statusCode}`);
    else
      fail({
        reason: 'unexpected_status',
        message: `HTTP ${statusCode}, expected ${expectedCodes.join(', ')}`,
      });
  });
  request.end();
  return () => request.destroy();
}
