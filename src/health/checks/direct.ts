import { isIP } from 'node:net';
import { BUILT_IN_HEALTH_CHECK, payloadBytes } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { TcpConnector } from '../../libbpf/index.ts';
import { trusting } from '../certificates.ts';
import type { CheckOutcome } from '../outcome.ts';
import type { StartCheck } from './attempt.ts';
import { type HttpTarget, httpCheck, httpsCheck } from './http.ts';
import { type CheckTarget, tcpCheck } from './tcp.ts';
import { udpCheck } from './udp.ts';

/** Where to check; `timeoutMs` is 3,000 unless given. */
export interface DirectCheck extends Omit<CheckTarget, 'timeoutMs'> {
  readonly timeoutMs?: number;
  /** Ends the check; its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What to ask for; `path` is `/health` and `expectedCodes` 200, 201, 202 and 204 unless given. */
export interface DirectHttpCheck extends DirectCheck, Partial<Pick<HttpTarget, 'path' | 'expectedCodes'>> {
  /** `Host` header and, over TLS, SNI and the name in the certificate; default the address. */
  readonly serverName?: string;
}

/** The same over TLS; certificates are verified unless `verify` is false. */
export interface DirectHttpsCheck extends DirectHttpCheck {
  readonly verify?: boolean;
  /** Trusted authorities, PEM; default those that Node.js knows. */
  readonly ca?: string;
}

/** A datagram and its answer, both written as in a configuration: a text, or `hex:` and hexadecimal bytes. */
export type DirectUdpCheck = DirectCheck & { readonly send?: string; readonly expect?: string };

const { path, expectedCodes, timeoutMs, verify } = BUILT_IN_HEALTH_CHECK;

/** Checks once whether a TCP connection can be opened. @throws SluiceError `usage` when `ip` is not an address */
export async function checkTcp(options: DirectCheck): Promise<CheckOutcome> {
  using connector = new TcpConnector();
  return await once(tcpCheck({ timeoutMs, ...addressed(options) }, connector), options.signal);
}

/** Checks once whether a GET is answered with an expected status. @throws SluiceError `usage` */
export async function checkHttp(options: DirectHttpCheck): Promise<CheckOutcome> {
  return once(httpCheck({ path, expectedCodes, timeoutMs, ...addressed(options) }), options.signal);
}

/** The same over TLS. @throws SluiceError `usage` when `ip` is not an address or `ca` not PEM */
export async function checkHttps(options: DirectHttpsCheck): Promise<CheckOutcome> {
  const context = options.ca === undefined ? undefined : trusting(options.ca);
  if (context === null) throw new SluiceError('usage', 'the authorities (`ca`) are not certificates in PEM');
  const target = { path, expectedCodes, timeoutMs, verify, ...addressed(options), context };
  return once(httpsCheck(target), options.signal);
}

/** Checks once whether a datagram is answered. @throws SluiceError `usage` for an `ip`, `send` or `expect` that is none */
export async function checkUdp(options: DirectUdpCheck): Promise<CheckOutcome> {
  const [send, expect] = [options.send ?? '', options.expect ?? ''].map(payloadBytes);
  if (!send || !expect) throw new SluiceError('usage', 'hexadecimal bytes have two digits each');
  return once(udpCheck({ timeoutMs, ...addressed(options), send, expect }), options.signal);
}

function addressed<T extends DirectCheck>(options: T): T {
  if (isIP(options.ip) !== 0) return options;
  throw new SluiceError('usage', `${JSON.stringify(options.ip)} is not an IP address`, {
    fix: 'names are not resolved here: use node:dns first',
  });
}

function once(start: StartCheck, signal: AbortSignal | undefined): Promise<CheckOutcome> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = start((outcome) => {
      signal?.removeEventListener('abort', abort);
      resolve(outcome);
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
}
