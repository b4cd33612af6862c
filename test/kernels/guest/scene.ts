import {
  assertNoLeaks,
  type Host,
  type KernelSnapshot,
  Lab,
  type NginxService,
  run,
  snapshotKernel,
  startNginx,
  startTcpEcho,
  startUdpEcho,
} from '../../../lab/index.ts';
import { Balancer, type ConfigFile } from '../../support/balancer.ts';
import { bothFamilies, configOf } from '../../support/proxies.ts';
import type { Attach } from '../checks.ts';

/** Where the proxies of a scene listen. */
export const PORTS = { nat: 80, snat: 81, one: 82, echo: 7 } as const;
/** Short, so that a check can wait for it. */
export const UDP_TIMEOUT_SECONDS = 5;
const LEAK_PATIENCE_MS = 20_000;

/** A lab with services on both targets, and Sluice between them and the client. */
export class GuestScene {
  readonly lab: Lab;
  /** The server of the first target, which alone answers on port `one`. */
  readonly nginx: NginxService;
  readonly #before: KernelSnapshot;
  #balancer: Balancer | undefined;
  #attach: Attach = 'tc';

  private constructor(lab: Lab, nginx: NginxService, before: KernelSnapshot) {
    this.lab = lab;
    this.nginx = nginx;
    this.#before = before;
  }

  /** Builds the lab; Sluice is not started yet. @throws SluiceError when something does not start */
  static async open(): Promise<GuestScene> {
    const before = await snapshotKernel();
    const lab = await Lab.create({ targets: 2 });
    try {
      const [nginx] = await Promise.all(lab.targets.map((target) => startNginx(target)));
      await Promise.all(lab.targets.flatMap((target) => [startTcpEcho(target), startUdpEcho(target)]));
      if (nginx === undefined) throw new Error('the lab has no targets');
      return new GuestScene(lab, nginx, before);
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  get client(): Host {
    return this.lab.client();
  }

  /** How Sluice hangs on the interfaces now. */
  get attach(): Attach {
    return this.#attach;
  }

  /** The balancer, once {@link start} has returned. @throws Error before */
  get balancer(): Balancer {
    if (this.#balancer === undefined) throw new Error('Sluice does not run');
    return this.#balancer;
  }

  /** What Sluice is configured to do. */
  get config(): ConfigFile {
    const { lab, attach } = this;
    const proxies = [
      ...bothFamilies(lab, { name: 'nat', port: PORTS.nat }),
      ...bothFamilies(lab, { name: 'snat', port: PORTS.snat, targetPort: 80, mode: 'snat' }),
      ...bothFamilies(lab, { name: 'one', port: PORTS.one, targetPort: 80, targets: [lab.target()] }),
      ...bothFamilies(lab, { name: 'echo', port: PORTS.echo }),
    ];
    return configOf(proxies, { attach, udpTimeoutSec: UDP_TIMEOUT_SECONDS });
  }

  /** Starts a real `sluice run` and waits until it is ready. @throws Error with its output when it ends instead */
  async start(): Promise<Balancer> {
    this.#balancer = await Balancer.start(this.lab, this.config);
    return this.#balancer;
  }

  /** From TC to native XDP, for which senders must fill in their checksums themselves (veth). */
  async goNative(): Promise<void> {
    const namespaces = [...this.lab.hosts.map(({ namespace }) => namespace), `${this.lab.id}-switch`];
    for (const each of namespaces)
      await run(['nsenter', `--net=/run/netns/${each}`, '--', 'sh', '-c', TX_OFF]);
    this.#attach = 'native';
    await this.balancer.reload(this.config);
  }

  /** Ends everything. @throws Error that names what was left in the kernel */
  async close(): Promise<void> {
    try {
      await this.#balancer?.close();
    } finally {
      await this.lab.close();
    }
    await assertNoLeaks(this.#before, LEAK_PATIENCE_MS);
  }
}

/** The names end at the `@` before the name of the peer. */
const TX_OFF = `set -e
for device in $(ip -o link show type veth | sed 's/^[0-9]*: \\([^@]*\\)@.*/\\1/'); do
  ethtool -K "$device" tx off >/dev/null
done`;
