import { describe, expect, it } from 'vitest';
import { startNginx } from '../../lab/index.ts';
import { configOf, FAMILIES, useScene } from '../support/index.ts';
import { getByName, startTlsTargets, TLS_PORT } from '../support/sni.ts';
import { makeCertificate } from '../support/tls.ts';

const LOCAL_PORT = 8443;

describe('TLS connections by host name, to targets on the balancer itself', () => {
  const scene = useScene({ targets: 3 }, async (scene) => {
    const { lab } = scene;
    await startTlsTargets(scene);
    const at = (ending: string) => `${lab.directory}/authority.${ending}`;
    const authority = { certificate: at('pem'), key: at('key') };
    const tls = await makeCertificate(lab.balancer, authority, ['local.example']);
    await startNginx(lab.balancer, { port: LOCAL_PORT, tls, name: 'local' });
    await scene.start(
      configOf(
        FAMILIES.map((family) => ({
          name: `tls-${family}`,
          listen: { interfaces: ['front0'], port: TLS_PORT, protocol: 'tcp', address: lab.balancer[family] },
          defaultTarget: { ip: lab.target()[family], port: TLS_PORT },
          sniRoutes: [
            { sniHostname: 'local.example', target: { ip: lab.balancer[family], port: LOCAL_PORT } },
          ],
        })),
      ),
    );
  });

  it.each(FAMILIES)('go there, with ClientHellos of one segment and of several (%s)', async (family) => {
    for (const moreHelloBytes of [0, 3000]) {
      const result = await getByName(scene, family, 'local.example', { moreHelloBytes });
      expect(result).toMatchObject({ verified: true, error: null });
      expect(result.body).toMatch(/^local /);
    }
    expect((await getByName(scene, family, 'a.example')).body).toMatch(/^target1 /);
  });
});
