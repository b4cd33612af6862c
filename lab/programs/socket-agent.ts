import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What the agent is told, one JSON object a line. */
export type AgentCommand =
  | {
      readonly do: 'connect';
      readonly id: number;
      readonly protocol: 'tcp' | 'udp';
      readonly address: string;
      readonly port: number;
      readonly localAddress?: string | undefined;
      readonly localPort?: number | undefined;
    }
  | { readonly do: 'send'; readonly id: number; readonly text: string }
  /** `end` sends FIN, `reset` sends RST (both just close a UDP socket). */
  | { readonly do: 'end' | 'reset'; readonly id: number };

/** What the agent tells, one JSON object a line. */
export type AgentEvent =
  | { readonly event: 'open'; readonly id: number; readonly localPort: number }
  | { readonly event: 'data'; readonly id: number; readonly text: string }
  | { readonly event: 'end'; readonly id: number }
  | { readonly event: 'closed'; readonly id: number; readonly error: string | null };

type ConnectCommand = Extract<AgentCommand, { readonly do: 'connect' }>;

const tcp = new Map<number, Socket>();
const udp = new Map<number, UdpSocket>();

for await (const line of createInterface({ input: process.stdin })) {
  obey(JSON.parse(line) as AgentCommand);
}
for (const socket of tcp.values()) socket.destroy();
for (const socket of udp.values()) socket.close();

function obey(command: AgentCommand): void {
  switch (command.do) {
    case 'connect':
      if (command.protocol === 'tcp') connectTcp(command);
      else connectUdp(command);
      return;
    case 'send':
      tcp.get(command.id)?.write(command.text);
      udp.get(command.id)?.send(command.text);
      return;
    case 'end':
    case 'reset':
      if (command.do === 'end') tcp.get(command.id)?.end();
      else tcp.get(command.id)?.resetAndDestroy();
      udp.get(command.id)?.close();
      udp.delete(command.id);
  }
}

function connectTcp({ id, address, port, localAddress, localPort }: ConnectCommand): void {
  const socket = connect({
    host: address,
    port,
    noDelay: true,
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(localPort === undefined ? {} : { localPort }),
  });
  let failure: string | null = null;
  tcp.set(id, socket);
  socket.setEncoding('utf8');
  socket.on('connect', () => tell({ event: 'open', id, localPort: socket.localPort ?? 0 }));
  socket.on('data', (text: string) => tell({ event: 'data', id, text }));
  socket.on('end', () => tell({ event: 'end', id }));
  socket.on('error', (error) => {
    failure = codeOf(error);
  });
  socket.on('close', () => {
    tcp.delete(id);
    tell({ event: 'closed', id, error: failure });
  });
}

function connectUdp({ id, address, port, localAddress, localPort }: ConnectCommand): void {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  udp.set(id, socket);
  socket.on('error', (error) => tell({ event: 'closed', id, error: codeOf(error) }));
  socket.on('message', (payload) => tell({ event: 'data', id, text: payload.toString('utf8') }));
  socket.on('connect', () => tell({ event: 'open', id, localPort: socket.address().port }));
  socket.on('close', () => tell({ event: 'closed', id, error: null }));
  socket.bind(
    { port: localPort ?? 0, ...(localAddress === undefined ? {} : { address: localAddress }) },
    () => socket.connect(port, address),
  );
}

function tell(event: AgentEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.message;
}
