import { beforeAll, describe, expect, it } from 'vitest';
import {
  curl,
  type Host,
  httpUrl,
  type LabSpec,
  makeFile,
  type NginxService,
  startNginx,
} from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, ownAddress, useScene } from '../support/index.ts';

const FILE_BYTES = 10 * 1024 * 1024;
const NARROW_MTU = 1400;

/** Makes the balancer itself the place where packets towards one side do not fit. */
function narrowRoutes(device: string, network: number): readonly string[] {
  const how = `dev ${device} mtu lock ${NARROW_MTU}`;
  return [
    `ip route change 10.${network}.0.0/16 src 10.${network}.0.1 ${how}`,
    `ip -6 route add fd00:${network}::/64 metric 1 ${how}`,
  ];
}

const TC = { attach: 'tc', offloads: 'on' } as const;
const NATIVE = { attach: 'native', offloads: 'off' } as const;

interface Narrow {
  readonly name: string;
  readonly spec: LabSpec;
  /** Run on the balancer. */
  readonly commands: readonly string[];
  /** Who must have learned of the narrow place. */
  readonly learner: 'client' | 'target' | 'nobody';
  /** In this order: offloads are turned off and stay so. */
  readonly attaches: readonly [typeof TC | typeof NATIVE, ...(typeof NATIVE)[]];
}

const NARROWS: readonly Narrow[] = [
  {
    name: 'a narrow link behind the balancer',
    spec: { routers: { back: { mtu: NARROW_MTU } } },
    commands: [],
    learner: 'client',
    attaches: [TC, NATIVE],
  },
  {
    name: 'a narrow link in front of it',
    spec: { routers: { front: { mtu: NARROW_MTU } } },
    commands: [],
    learner: 'target',
    attaches: [TC, NATIVE],
  },
  {
    name: 'a narrow route of its own to the targets',
    spec: {},
    commands: narrowRoutes('back0', 2),
    learner: 'client',
    attaches: [TC, NATIVE],
  },
  {
    name: 'a narrow route of its own to the clients',
    spec: {},
    commands: narrowRoutes('front0', 1),
    learner: 'target',
    attaches: [TC],
  },
  {
    name: 'a narrow network behind it',
    spec: { mtu: { back: NARROW_MTU } },
    commands: [],
    learner: 'nobody',
    attaches: [NATIVE],
  },
];

describe.each(NARROWS)('$name', ({ spec, commands, learner, attaches }) => {
  let nginx: NginxService;
  const scene = useScene({ ...spec, targets: 1, offloads: attaches[0].offloads }, async (scene) => {
    const { lab } = scene;
    nginx = await startNginx(lab.target());
    for (const command of commands) await lab.balancer.run(command.split(' '));
    await scene.start(config(attaches[0].attach));
  });

  function config(attach: string) {
    const { lab } = scene;
    const proxies = [
      ...bothFamilies(lab, { name: 'nat', port: 80 }),
      ...bothFamilies(lab, { name: 'snat', port: 81, targetPort: 80, mode: 'snat' }),
    ];
    return configOf(proxies, { attach });
  }

  /** The path MTU that a host has learned towards an address; undefined when none. */
  async function learnedMtu(host: Host, to: string): Promise<string | undefined> {
    const route = await host.run(['ip', 'route', 'get', to]);
    return /mtu (\d+)/.exec(route)?.[1];
  }

  describe.each(attaches)('attach $attach', ({ attach, offloads }) => {
    beforeAll(async () => {
      if (offloads === 'off') await scene.lab.turnOffloadsOff();
      await scene.balancer.reload(config(attach));
    });

    it.each(
      FAMILIES.flatMap((family) => [
        { family, mode: 'nat', port: 80 },
        { family, mode: 'snat', port: 81 },
      ]),
    )('large transfers finish both ways ($mode, $family)', async ({ family, mode, port }) => {
      const [client, target, balancer] = [scene.lab.client(), scene.lab.target(), scene.lab.balancer];
      for (const host of [client, target]) {
        await host.run(['sh', '-c', 'ip route flush cache; ip -6 route flush cache']);
      }
      const file = await makeFile(target, 'file', FILE_BYTES);
      const at = (path: string) => httpUrl(balancer[family], port, path);
      const upload = async () => {
        const url = at(`/upload/${attach}${mode}${family}`);
        const up = await curl(client, ['--max-time', '10', '--upload-file', file.path, url]);
        expect(up).toMatchObject({ code: 0, stderr: '' });
        expect(await nginx.uploadSha256(`${attach}${mode}${family}`)).toBe(file.sha256);
      };
      const download = async () => {
        const script = `curl --silent --globoff --fail --max-time 10 '${at('/files/file')}' | sha256sum`;
        expect((await client.run(['sh', '-c', script])).split(' ')[0]).toBe(file.sha256);
      };
      // First the way that has to learn: the other one may teach it a smaller segment size.
      const [first, second] = learner === 'target' ? [download, upload] : [upload, download];
      await first();
      const peer = mode === 'nat' ? client[family] : ownAddress(balancer, 'back0', family);
      const learned = {
        client: await learnedMtu(client, balancer[family]),
        target: await learnedMtu(target, peer),
      };
      const is = (who: string) => (who === learner ? String(NARROW_MTU) : undefined);
      expect(learned).toEqual({ client: is('client'), target: is('target') });
      await second();
    });
  });
});
