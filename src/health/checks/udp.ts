import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { failureOf } from '../outcome.ts';
import { attempt, type StartCheck } from './attempt.ts';
import type { CheckTarget } from './tcp.ts';

/** What a UDP check says and wants to hear. */
export interface UdpTarget extends CheckTarget {
  readonly send: Buffer;
  /** Bytes that the answer must contain; none: any answer will do. */
  readonly expect: Buffer;
}

/** Sends one datagram; the first answer of the target decides, and so does its ICMP "port unreachable". */
export function udpCheck({ ip, port, timeoutMs, send, expect }: UdpTarget): StartCheck {
  return (done) =>
    attempt(timeoutMs, done, ({ succeed, fail }) => {
      const socket = createSocket(isIPv6(ip) ? 'udp6' : 'udp4');
      socket.on('error', (error) => fail(failureOf(error)));
      socket.once('message', (answer) => {
        if (answer.includes(expect)) succeed(`answer of ${answer.length} bytes`);
        else
          fail({
            reason: 'unexpected_answer',
            message: `the answer of ${answer.length} bytes is another one`,
          });
      });
      // A connected socket hears of nobody else, and of ICMP errors.
      socket.connect(port, ip, () => socket.send(send));
      return () => socket.close();
    });
}
