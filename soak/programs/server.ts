import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Family, Service } from '../services.ts';
import { afterFirstRecord } from './client-hello.ts';
import { afterProxyHeader } from './proxy-header.ts';
import { reportRegularly, soakArguments } from './report.ts';

/** Arguments of the server of all services of a target. */
export interface ServerArguments {
  /** Name of the target. */
  readonly name: string;
  readonly services: readonly Service[];
  readonly addresses: Readonly<Record<Family, string>>;
}

/** Datagrams and the bytes in them. */
export interface DatagramCount {
  packets: number;
  bytes: number;
}

/** What the server has seen, by service. */
export interface ServerCount {
  /** TCP connections accepted, UDP conversations begun. */
  readonly accepted: Readonly<Record<string, number>>;
  readonly received: Readonly<Record<string, DatagramCount>>;
  readonly sent: Readonly<Record<string, DatagramCount>>;
}

/** Conversations whose first datagram is recognised when it comes again. */
const REMEMBERED_HELLOS = 20_000;
const BACKLOG = 1024;
/** Services of which each connection is one HTTP request. */
const VISITED: readonly Service['kind'][] = ['web', 'routed', 'named', 'headed', 'introduced'];

const { name, services, addresses } = soakArguments<ServerArguments>();
const zero = () => Object.fromEntries(services.map((service) => [service.name, { packets: 0, bytes: 0 }]));
const accepted: Record<string, number> = Object.fromEntries(services.map((service) => [service.name, 0]));
const received: Record<string, DatagramCount> = zero();
const sent: Record<string, DatagramCount> = zero();

for (const service of services) await (service.protocol === 'tcp' ? serveTcp(service) : serveUdp(service));
reportRegularly(() => ({ accepted, received, sent }) satisfies ServerCount);

async function serveTcp(service: Service): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    accept(service);
    socket.on('error', () => socket.destroy());
    answer(service, socket);
  });
  const host = addresses[service.family];
  server.listen({ port: service.port, host, backlog: BACKLOG, ipv6Only: true });
  await once(server, 'listening');
}

/** Answers what comes after the PROXY header and the ClientHello, if they are there, with what the header has said. */
function answer(service: Service, socket: Socket): void {
  let title = `${name}/${service.name}`;
  const afterHeader = afterProxyHeader((header) => {
    title += `/${header}`;
  });
  const afterHello = afterFirstRecord();
  const respond = VISITED.includes(service.kind) ? answerOneRequest(socket) : answerLines(socket);
  socket.on('data', (chunk) => {
    const bytes = Buffer.from(chunk);
    const told = service.isHeaded ? afterHeader(bytes) : bytes;
    respond((service.isNamed ? afterHello(told) : told).toString('latin1'), title);
  });
}

type Respond = (text: string, title: string) => void;

function answerOneRequest(socket: Socket): Respond {
  let request = '';
  return (text, body) => {
    request += text;
    if (!request.endsWith('\r\n\r\n')) return;
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
  };
}

/** Every line comes back with the title in front. */
function answerLines(socket: Socket): Respond {
  let partial = '';
  return (text, title) => {
    const lines = `${partial}${text}`.split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) socket.write(`${title} ${line}\n`);
  };
}

/** Every datagram comes back with the name in front; one that begins with `hello ID` begins a conversation. */
async function serveUdp(service: Service): Promise<void> {
  const socket = createSocket(service.family === 'v4' ? 'udp4' : 'udp6');
  const hellos = new Set<string>();
  socket.on('message', (payload, peer) => {
    const text = payload.toString('latin1');
    add(received[service.name], payload.length);
    if (text.startsWith('hello ') && !hellos.has(text)) {
      accept(service);
      hellos.add(text);
      if (hellos.size > REMEMBERED_HELLOS) hellos.delete(hellos.values().next().value ?? '');
    }
    const reply = Buffer.from(`${name}/${service.name} ${text}`, 'latin1');
    socket.send(reply, peer.port, peer.address, (error) => {
      if (error === null) add(sent[service.name], reply.length);
    });
  });
  socket.bind(service.port, addresses[service.family]);
  await once(socket, 'listening');
}

function accept(service: Service): void {
  accepted[service.name] = (accepted[service.name] ?? 0) + 1;
}

function add(count: DatagramCount | undefined, bytes: number): void {
  if (count === undefined) return;
  count.packets++;
  count.bytes += bytes;
}
