import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { connect } from 'node:tls';

/** The ClientHello of Node's TLS for a name: what a client sends that means it. */
export async function clientHello(name: string): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, servername: name });
  client.on('error', () => undefined); // nobody answers it
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return bytes;
  } finally {
    client.destroy();
    server.close();
  }
}

/** A script of wrk that sends these bytes as its request; wrk itself takes a first look, and wants to see HTTP. */
export function wrkScript(bytes: Buffer): string {
  const escaped = [...bytes].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('');
  return `local bytes, looked = "${escaped}", false
function request()
  if looked then return bytes end
  looked = true
  return wrk.format()
end
`;
}
