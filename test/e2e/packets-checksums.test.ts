import { beforeEach, describe, expect, it } from 'vitest';
import {
  Capture,
  checksumFaults,
  curl,
  type DecodedFrame,
  fetchMany,
  type Host,
  httpUrl,
  ipPacket,
  makeFile,
  PROTOCOL,
  SocketAgent,
  sendFrames,
  startNginx,
  startUdpEcho,
  udpDatagram,
  udpMany,
} from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, packetsOf, toGateway, useScene } from '../support/index.ts';

const FILE_BYTES = 200 * 1024;
/** More than the MTU: nothing is cut off. Small, because it also is the size of a slot in the capture's buffer. */
const SNAP_BYTES = 2000;
const PORTS = [
  { mode: 'nat', web: 80, echo: 7, nobody: 9 },
  { mode: 'snat', web: 81, echo: 70, nobody: 10 },
] as const;

describe.each([
  { senders: 'that leave checksums unfinished', offloads: 'on', attachments: ['tc'] },
  { senders: 'that send whole checksums', offloads: 'off', attachments: ['tc', 'native', 'generic'] },
] as const)('every checksum is right, with senders $senders', ({ offloads, attachments }) => {
  const scene = useScene({ targets: 1, offloads }, async ({ lab }) => {
    // Unfinished checksums are then finished when the packet leaves the balancer, from what the balancer made of them.
    for (const device of ['front0', 'back0']) await lab.balancer.run(['ethtool', '-K', device, 'tx', 'off']);
    await Promise.all([startNginx(lab.target()), startUdpEcho(lab.target())]);
    await makeFile(lab.target(), 'file', FILE_BYTES);
  });

  /** Sets how the programs are attached. */
  const attachBy = (attach: string) => {
    const { lab } = scene;
    const proxies = PORTS.flatMap(({ mode, web, echo, nobody }) => [
      ...bothFamilies(lab, { name: `web ${mode} v`, mode, port: web, targetPort: 80 }),
      ...bothFamilies(lab, { name: `echo ${mode} v`, mode, port: echo, targetPort: 7 }),
      ...bothFamilies(lab, { name: `nobody ${mode} v`, mode, port: nobody }),
    ]);
    return scene.lend(configOf(proxies, { attach }));
  };

  /**
   * What left the balancer for the client and for the target while `traffic` ran: as they received it. With offloads,
   * the switch would put segments together again and unfinish their checksums, so it is caught before the switch then.
   */
  async function received(traffic: () => Promise<unknown>): Promise<readonly (readonly DecodedFrame[])[]> {
    const { lab } = scene;
    const whole = offloads === 'off';
    const start = (host: Host, device: string) =>
      whole
        ? Capture.start(host, { interface: 'eth0', direction: 'in', snapBytes: SNAP_BYTES })
        : Capture.start(lab.balancer, { interface: device, direction: 'out', snapBytes: SNAP_BYTES });
    await using atClient = await start(lab.client(), 'front0');
    await using atTarget = await start(lab.target(), 'back0');
    await traffic();
    return Promise.all([atClient.decoded(), atTarget.decoded()]);
  }

  describe.each(attachments)('with attach %s', (attach) => {
    beforeEach(() => attachBy(attach));

    it.each(FAMILIES)('of TCP, UDP, fragments and errors, in nat and snat (%s)', async (family) => {
      const client = scene.lab.client();
      const address = scene.lab.balancer[family];
      const file = `${scene.lab.directory}/files/file`;
      const captures = await received(async () => {
        await using agent = new SocketAgent(client);
        const traffic = PORTS.map(({ web, echo, nobody }) => [
          fetchMany(client, httpUrl(address, web), { count: 20 }),
          curl(client, ['--output', '/dev/null', httpUrl(address, web, '/files/file')]),
          curl(client, ['--upload-file', file, httpUrl(address, web, `/upload/${family}-${web}`)]),
          ...[63, 1400, 5001].map((sizeBytes) => udpMany(client, address, echo, { count: 5, sizeBytes })),
          agent.begin({ address, port: nobody }).closed(),
          agent.connect({ address, port: nobody, protocol: 'udp' }).then((conversation) => {
            conversation.send('anybody?');
            return conversation.closed();
          }),
        ]);
        await Promise.all(traffic.flat());
      });
      for (const frames of captures) {
        expect(checksumFaults(frames)).toEqual([]);
        const packets = packetsOf(frames);
        expect(packets.filter(({ truncated }) => truncated)).toEqual([]);
        expect(packets.filter(({ fragment }) => fragment !== undefined).length).toBeGreaterThanOrEqual(30);
        expect(packets.filter(({ transport }) => transport?.kind === 'tcp').length).toBeGreaterThan(300);
      }
      const errors = packetsOf(captures[0] ?? []).filter(
        ({ transport }) => transport && 'quoted' in transport,
      );
      expect(errors).toHaveLength(PORTS.length);
    });

    it.each(FAMILIES)('of a UDP datagram whose sum would be zero (%s)', async (family) => {
      const [client, target] = [scene.lab.client(), scene.lab.target()];
      const at = {
        source: client[family],
        sourcePort: 4000,
        destination: target[family],
        destinationPort: 7,
      };
      const payload = Buffer.alloc(2);
      const plain = udpDatagram({ ...at, payload });
      // What was missing to a sum of zero at the target.
      payload.writeUInt16BE(plain.readUInt16BE(6));
      const destination = scene.lab.balancer[family];
      const datagram = udpDatagram({ ...at, destination, payload });
      const packet = ipPacket({ source: at.source, destination, protocol: PROTOCOL.udp }, datagram);
      const [, atTarget = []] = await received(() => sendFrames(client, 'eth0', [toGateway(client, packet)]));
      expect(checksumFaults(atTarget)).toEqual([]);
      const udp = packetsOf(atTarget).flatMap(({ transport }) =>
        transport?.kind === 'udp' ? transport : [],
      );
      expect(udp).toMatchObject([{ sourcePort: 4000, checksum: 0xffff }]);
    });

    it('of IPv4 datagrams without one: they stay without one', async () => {
      const [client, destination] = [scene.lab.client(), scene.lab.vip4];
      const at = { source: client.v4, sourcePort: 4001, destination, destinationPort: 7 };
      const datagram = udpDatagram({ ...at, payload: Buffer.from('bare') });
      datagram.writeUInt16BE(0, 6);
      const packet = ipPacket({ source: at.source, destination, protocol: PROTOCOL.udp }, datagram);
      const [, atTarget = []] = await received(() => sendFrames(client, 'eth0', [toGateway(client, packet)]));
      expect(checksumFaults(atTarget)).toEqual([]);
      const udp = packetsOf(atTarget).flatMap(({ transport }) =>
        transport?.kind === 'udp' ? transport : [],
      );
      expect(udp).toMatchObject([{ sourcePort: 4001, checksum: 0 }]);
    });
  });
});
