import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  ethernetFrame,
  ipPacket,
  PROTOCOL,
  SocketAgent,
  sendFrames,
  startTcpEcho,
  tcpSegment,
} from '../../lab/index.ts';
import { configOf, proxy, useScene } from '../support/index.ts';

const PORT = 7;
/** Lasting flows that the table holds; three times as many pairs are forged. */
const MAX_CONNECTIONS = 2_000;
const PAIRS = 6_000;

/** The IPv6 form of an IPv4 address (RFC 4291, 2.5.5.2). */
function mapped(address: string): string {
  const bytes = Buffer.from(address.split('.').map(Number));
  return `::ffff:${bytes.readUInt16BE(0).toString(16)}:${bytes.readUInt16BE(2).toString(16)}`;
}

describe('forged packets', () => {
  const scene = useScene({ targets: 1, upstream: true }, async (scene) => {
    await startTcpEcho(scene.lab.target());
    const echo = proxy({ name: 'echo', port: PORT, targets: [scene.lab.target().v4] });
    await scene.start(configOf([echo], { maxConnections: MAX_CONNECTIONS, closingTimeoutSec: 1 }));
  });

  const client = () => scene.lab.client();
  const ethernet = () => ({
    source: client().interface('eth0').mac,
    destination: client().gatewayMac ?? '',
  });

  it('SYNs followed by made-up ACKs make no lasting flow and cut none', async () => {
    const destination = scene.lab.balancer.v4;
    await using agent = new SocketAgent(client());
    const idle = await agent.connect({ address: destination, port: PORT });
    expect(await idle.line()).toBe('target1');

    const forge = (source: string, sourcePort: number, flags: string) => {
      const fields = { source, destination, sourcePort, destinationPort: PORT, flags };
      const numbers = { sequence: randomInt(2 ** 32), acknowledgement: randomInt(2 ** 32) };
      const segment = tcpSegment({ ...fields, ...numbers });
      return ethernetFrame(ethernet(), ipPacket({ source, destination, protocol: PROTOCOL.tcp }, segment));
    };
    const frames = Array.from({ length: PAIRS }, (_, index) => {
      const source = `100.64.${index >> 8}.${index & 0xff}`;
      return [forge(source, 5000, 'S'), forge(source, 5000, 'A')];
    }).flat();
    await sendFrames(client(), 'eth0', frames);

    const { flows } = await scene.balancer.admin.status();
    expect(flows.active).toBeLessThan(10);
    expect(await idle.ask('still there?')).toBe('still there?');
  });

  it('IPv6 packets with IPv4 addresses in them are no packets of IPv4 flows', async () => {
    const destination = scene.lab.balancer.v4;
    await using agent = new SocketAgent(client());
    const localPort = 40_000;
    const victim = await agent.connect({ address: destination, port: PORT, localPort });
    expect(await victim.line()).toBe('target1');
    const [flow] = (await scene.balancer.admin.connections({ client: `${client().v4}:${localPort}` }))
      .connections;
    const addresses = { source: mapped(client().v4), destination: mapped(destination) };
    const forged = tcpSegment({ ...addresses, sourcePort: localPort, destinationPort: PORT, flags: 'A' });
    const packet = ipPacket({ ...addresses, protocol: PROTOCOL.tcp }, forged);
    await sendFrames(client(), 'eth0', [ethernetFrame(ethernet(), packet)]);
    await sleep(100);
    const [after] = (await scene.balancer.admin.connections({ client: `${client().v4}:${localPort}` }))
      .connections;
    expect(after?.forward).toEqual(flow?.forward);
    expect(await scene.balancer.reasons()).toMatchObject({ 'tc_ingress/malformed': 1 });
    expect(await victim.ask('unharmed?')).toBe('unharmed?');
  });
});
