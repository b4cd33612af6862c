import { beforeEach, describe, expect, it } from 'vitest';
import { Capture, curl, ethernetFrame, type Host, httpUrl, sendFrames, startNginx } from '../../lab/index.ts';
import {
  bothFamilies,
  configOf,
  FAMILIES,
  type Family,
  type OddPacket,
  packetsWithOptions,
  packetsWithoutPorts,
  routed,
  toGateway,
  useScene,
} from '../support/index.ts';

const WEB_PORT = 80;
/** A listener whose target has no server, which would answer. */
const PORT = 81;
const CLIENT_PORT = 6000;
const ETHERNET_BYTES = 14;

// Without a bridge, which would take VLAN tags out of the frames.
const WITHOUT_BRIDGE = { targets: 1, offloads: 'off', wiring: 'direct' } as const;

describe('odd packets', () => {
  const scene = useScene(WITHOUT_BRIDGE, ({ lab }) => startNginx(lab.target(), { port: WEB_PORT }));

  /** Sets how the programs are attached. */
  const attachBy = (attach: string) => {
    const { lab } = scene;
    const proxies = [PORT, WEB_PORT].flatMap((port) => bothFamilies(lab, { name: `port ${port} v`, port }));
    return scene.lend(configOf(proxies, { attach }));
  };

  /** The IP packets that a host receives of those that another one sends, as bytes in hex. */
  async function arrivals(
    from: Host,
    to: Host,
    filter: string,
    frames: readonly Buffer[],
  ): Promise<readonly string[]> {
    await using capture = await Capture.start(to, {
      interface: 'eth0',
      direction: 'in',
      filter,
      snapBytes: 2000,
    });
    await sendFrames(from, 'eth0', frames);
    return (await capture.frames()).map(({ bytes }) =>
      Buffer.from(bytes.subarray(ETHERNET_BYTES)).toString('hex'),
    );
  }

  const pathTo = (family: Family, destination: string) => ({
    source: scene.lab.client()[family],
    destination,
    sourcePort: CLIENT_PORT,
    destinationPort: PORT,
  });

  /** Expects that packets that the client sends arrive at the target as a router would hand `expected` on. */
  async function expectArrival(
    family: Family,
    sent: readonly OddPacket[],
    expected: readonly OddPacket[],
  ): Promise<void> {
    const [client, target] = [scene.lab.client(), scene.lab.target()];
    const frames = sent.map(({ packet }) => toGateway(client, packet));
    const seen = await arrivals(client, target, `src host ${client[family]}`, frames);
    const missing = expected.filter(({ packet }) => !seen.includes(routed(packet).toString('hex')));
    expect(missing.map(({ name }) => name)).toEqual([]);
    expect(seen).toHaveLength(expected.length);
  }

  const countedVlans = async () => (await scene.balancer.reasons())['tc_ingress/vlan'] ?? 0;

  describe.each(['tc', 'native', 'generic'])('with attach %s', (attach) => {
    beforeEach(() => attachBy(attach));

    it.each(FAMILIES)('for a target itself go through on the port of the listener (%s)', async (family) => {
      const { stdout } = await curl(scene.lab.client(), [httpUrl(scene.lab.target()[family], WEB_PORT)]);
      expect(stdout.split(' ').slice(0, 2)).toEqual(['target1', scene.lab.client()[family]]);
      const odd = packetsWithOptions(family, pathTo(family, scene.lab.target()[family]));
      await expectArrival(family, odd, odd);
    });

    it.each(FAMILIES)('for a target go through when they have no ports to look at (%s)', async (family) => {
      const odd = packetsWithoutPorts(family, pathTo(family, scene.lab.target()[family]));
      await expectArrival(family, odd, odd);
    });

    it.each(FAMILIES)(
      'for the balancer stay with it when they have no ports to look at (%s)',
      async (family) => {
        const { lab } = scene;
        const odd = packetsWithoutPorts(family, pathTo(family, lab.balancer[family]));
        const frames = odd.map(({ packet }) => toGateway(lab.client(), packet));
        const seen = await arrivals(lab.client(), lab.target(), `src host ${lab.client()[family]}`, frames);
        expect(seen).toEqual([]);
      },
    );

    it.each(FAMILIES)('for a listener reach the target with all their options (%s)', async (family) => {
      const { lab } = scene;
      const sent = packetsWithOptions(family, pathTo(family, lab.balancer[family]));
      await expectArrival(family, sent, packetsWithOptions(family, pathTo(family, lab.target()[family])));
    });

    it('with a VLAN tag are left alone', async () => {
      const { lab } = scene;
      const client = lab.client();
      const path = pathTo('v4', lab.vip4);
      const frames = packetsWithOptions('v4', path).map(({ packet }) =>
        ethernetFrame(
          { source: client.interface('eth0').mac, destination: client.gatewayMac ?? '', vlans: [7] },
          packet,
        ),
      );
      const filter = `src host ${client.v4} or vlan 7`;
      const before = await countedVlans();
      await using capture = await Capture.start(lab.balancer, {
        interface: 'front0',
        direction: 'in',
        filter: 'vlan 7',
      });
      expect(await arrivals(client, lab.target(), filter, frames)).toEqual([]);
      const seen = (await capture.frames()).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
      expect(seen).toEqual(frames.map((frame) => frame.toString('hex')));
      expect((await countedVlans()) - before).toBe(frames.length);
    });
  });
});
