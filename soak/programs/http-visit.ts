import { connect } from 'node:net';

const PATIENCE_MS = 15_000;

/**
 * One HTTP request on a connection of its own, after what is sent `first`; returns the body of the answer, and the port that the
 * connection came from.
 * @throws Error when the connection is refused, reset, cut short, or not answered after 15 s
 */
export function visit(
  address: string,
  port: number,
  source: string,
  first: Buffer,
): Promise<{ readonly body: string; readonly sourcePort: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, localAddress: source, noDelay: true });
    let answer = '';
    let sourcePort = 0;
    let failure: Error | undefined;
    const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
    socket.on('connect', () => {
      sourcePort = socket.localPort ?? 0;
      socket.write(first);
      socket.write('GET / HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n');
    });
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      clearTimeout(timer);
      const [, length, body] =
        /^HTTP\/1\.1 200 OK\r\nContent-Length: (\d+)\r\n.*\r\n\r\n(.*)$/s.exec(answer) ?? [];
      if (failure === undefined && body?.length === Number(length)) resolve({ body: body ?? '', sourcePort });
      else reject(failure ?? new Error(`the answer was cut short: ${JSON.stringify(answer)}`));
    });
  });
}
