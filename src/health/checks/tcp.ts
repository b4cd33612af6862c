import { socketAddress, type TcpConnector } from '../../libbpf/index.ts';
import { failureOfCode } from '../outcome.ts';
import { attempt, type StartCheck } from './attempt.ts';
import { LOCAL_HEADER } from './local-header.ts';

/** Where and how long a check tries. */
export interface CheckTarget {
  /** IPv4 or IPv6 address. */
  readonly ip: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Whether it waits for a header of the PROXY protocol: then it gets one that says that the connection is ours. */
  readonly proxyProtocol?: boolean | undefined;
}

/** Asks for a TCP connection, and resets it as soon as the target has said yes; see {@link TcpConnector}. */
export function tcpCheck(
  { ip, port, timeoutMs, proxyProtocol }: CheckTarget,
  connector: TcpConnector,
): StartCheck {
  const to = socketAddress(ip, port);
  const greeting = proxyProtocol ? LOCAL_HEADER : null;
  return (done) =>
    attempt(timeoutMs, done, ({ succeed, fail }) =>
      connector.try(to, greeting, (failure) =>
        failure === null ? succeed('connected') : fail(failureOfCode(failure.name, failure.text)),
      ),
    );
}
