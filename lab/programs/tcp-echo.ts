import { once } from 'node:events';
import { createServer } from 'node:net';
import { programArguments } from './arguments.ts';

/** Arguments of the TCP echo server. */
export interface TcpEchoArguments {
  /** First line of every connection. */
  readonly name: string;
  readonly nameByAddress: boolean;
  readonly addresses: readonly string[];
  readonly port: number;
}

const { name, nameByAddress, addresses, port } = programArguments<TcpEchoArguments>();
for (const address of addresses) {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(`${nameByAddress ? address : name}\n`);
    socket.pipe(socket);
  });
  server.listen({ port, host: address, backlog: 4096, ipv6Only: true });
  await once(server, 'listening');
}
process.stdout.write('ready\n');
