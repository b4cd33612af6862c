import { describe, expect, it } from 'vitest';
import { startNginx } from '../../lab/index.ts';
import { configOf, FAMILIES, useScene } from '../support/index.ts';
import { loseFirst, loseNoMore } from '../support/proxy-protocol.ts';
import { getByName, startTlsTargets, TLS_PORT } from '../support/sni.ts';
import { makeCertificate } from '../support/tls.ts';

const LOCAL_PORT = 8443;
/** Where clients find the local target that gets a header, and where that listens. */
const HEADER_PORTS = { listener: 80, target: 8080 } as const;

describe('targets on the balancer itself', () => {
  const scene = useScene({ targets: 3 }, async (scene) => {
    const { lab } = scene;
    await startTlsTargets(scene);
    const at = (ending: string) => `${lab.directory}/authority.${ending}`;
    const authority = { certificate: at('pem'), key: at('key') };
    const tls = await makeCertificate(lab.balancer, authority, ['local.example']);
    await Promise.all([
      startNginx(lab.balancer, { port: LOCAL_PORT, tls, name: 'local' }),
      startNginx(lab.balancer, { port: HEADER_PORTS.target, proxyProtocol: true, name: 'header' }),
    ]);
    await scene.start(
      configOf(
        FAMILIES.flatMap((family) => [
          {
            name: `tls-${family}`,
            listen: {
              interfaces: ['front0'],
              port: TLS_PORT,
              protocol: 'tcp',
              address: lab.balancer[family],
            },
            defaultTarget: { ip: lab.target()[family], port: TLS_PORT },
            sniRoutes: [
              { sniHostname: 'local.example', target: { ip: lab.balancer[family], port: LOCAL_PORT } },
            ],
          },
          {
            name: `header-${family}`,
            listen: {
              interfaces: ['front0'],
              port: HEADER_PORTS.listener,
              protocol: 'tcp',
              address: lab.balancer[family],
            },
            proxyProtocol: 'v2',
            defaultTarget: { ip: lab.balancer[family], port: HEADER_PORTS.target },
          },
        ]),
      ),
    );
  });

  it.each(FAMILIES)(
    'get TLS connections by host name, with ClientHellos of one segment and of several (%s)',
    async (family) => {
      for (const moreHelloBytes of [0, 3000]) {
        const result = await getByName(scene, family, 'local.example', { moreHelloBytes });
        expect(result).toMatchObject({ verified: true, error: null });
        expect(result.body).toMatch(/^local /);
      }
      expect((await getByName(scene, family, 'a.example')).body).toMatch(/^target1 /);
    },
  );

  it.each(FAMILIES)(
    'get a header of the PROXY protocol, and get it again when it was lost (%s)',
    async (family) => {
      const { lab, balancer } = scene;
      const address = family === 'v4' ? lab.balancer.v4 : `[${lab.balancer.v6}]`;
      const ask = async () => {
        const told = await lab
          .client()
          .run(['curl', '-sS', '-m', '30', '-w', '%{local_port}', `http://${address}/header`]);
        expect(told).toMatch(/^\S+ (\d+) \S+ 80\n\1$/);
        expect(told.split(' ')[0]).toBe(lab.client()[family]);
      };
      await ask();
      const again = async () => (await balancer.reasons())['tc_egress/replayed'] ?? 0;
      const before = await again();
      await loseFirst(lab.balancer, HEADER_PORTS.target, [68, 112]);
      await ask();
      expect(await again()).toBe(before + 1);
      await loseNoMore(lab.balancer);
    },
  );
});
