import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Host, SocketAgent } from '../../lab/index.ts';
import { configOf, FAMILIES, useScene } from '../support/index.ts';
import { headerProxies, PORTS, startReceivers } from '../support/proxy-protocol.ts';
import { getByName } from '../support/sni.ts';

const CONNECTIONS = 24;
/** Long enough for a few losses in a row of one connection. */
const PATIENCE_MS = 30_000;

/** Loses every 20th segment that comes in, whatever it is: SYNs, headers, acknowledgements, data. */
function lose(host: Host): Promise<string> {
  return host.run([
    'nft',
    `add table netdev l; add chain netdev l in { type filter hook ingress device eth0 priority 0; }; ` +
      `add rule netdev l in meta l4proto tcp numgen random mod 100 < 5 drop`,
  ]);
}

describe('headers of the PROXY protocol, when every 20th segment is lost on either side', () => {
  const scene = useScene({ targets: 3 }, async (scene) => {
    await startReceivers(scene);
    await scene.start(configOf(headerProxies(scene)));
    await Promise.all([scene.lab.client(), scene.lab.target(1)].map(lose));
  });

  it.each(FAMILIES)(
    'come once before what is exchanged, also where the target speaks first (%s)',
    async (family) => {
      const { lab } = scene;
      await using agent = new SocketAgent(lab.client());
      const talk = async () => {
        const conversation = agent.begin({ address: lab.balancer[family], port: PORTS.banner });
        expect(await conversation.line(PATIENCE_MS)).toBe('target2');
        // HAProxy takes one header away; a second one would be echoed, and bytes that it swallowed would be missing.
        const text = randomBytes(3_000).toString('hex');
        conversation.send(`${text}\n`);
        expect(await conversation.line(PATIENCE_MS)).toBe(text);
        await conversation.reset();
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, talk));
    },
  );

  it('come before TLS with a name', async () => {
    const { lab } = scene;
    const get = () => getByName(scene, 'v4', 'a.example', { moreHelloBytes: 1600, timeoutMs: PATIENCE_MS });
    for (const { body, error } of await Promise.all(Array.from({ length: 8 }, get))) {
      expect(error).toBeNull();
      expect(body.trim()).toMatch(new RegExp(`^target2 ${lab.client().v4} .* a\\.example$`));
    }
  });
});
