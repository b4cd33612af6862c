import { join } from 'node:path';
// The demo's balancer is just what a bench needs: an instance of its own that leaves nothing behind.
import { DemoBalancer } from '../../lab/demo/balancer.ts';
import type { Lab } from '../../lab/index.ts';
import { sluiceCommand } from '../paths.ts';

/** A service and its one target, which has the same port. */
export interface SluiceService {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The target is who asks for this name's; all else leads to {@link DISCARD_PORT}. */
  readonly hostName?: string;
  /** So many new connections a second are allowed to each source; default: any. */
  readonly perSource?: number;
}

/** What Sluice is measured with: how it hangs on the interfaces, and its services. */
export interface SluiceSpec {
  readonly attach: 'native' | 'tc';
  readonly services: readonly SluiceService[];
  readonly target: string;
  /** More settings, as a file has them; default none. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Port of a target at which nobody answers: what is routed wrongly fails. */
export const DISCARD_PORT = 9;
/** Flows that the table holds; a little more than what is measured, so that none of them is evicted. */
const MAX_CONNECTIONS = 260_000;

/** Sluice as users run it, in the balancer's namespace of a lab. */
export class Sluice implements AsyncDisposable {
  /** Where it answers. */
  readonly adminSocket: string;
  readonly #balancer: DemoBalancer;

  private constructor(balancer: DemoBalancer, lab: Lab) {
    this.#balancer = balancer;
    this.adminSocket = join(lab.directory, 'admin.sock');
  }

  /** Starts it and waits until it answers. @throws SluiceError with its output when it does not */
  static async start(lab: Lab, spec: SluiceSpec, signal: AbortSignal): Promise<Sluice> {
    const config = JSON.stringify(configOf(lab, spec));
    return new Sluice(await DemoBalancer.start(lab, [sluiceCommand()], config, signal), lab);
  }

  /** Folder of its pinned maps and programs. */
  get pins(): string {
    return this.#balancer.pins;
  }

  /** Detaches and ends it. */
  close(): Promise<void> {
    return this.#balancer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function configOf(lab: Lab, { attach, services, target, settings }: SluiceSpec) {
  return {
    proxies: services.map(({ protocol, port, hostName, perSource }) => ({
      name: `${protocol}-${port}`,
      listen: { interfaces: ['front0'], address: lab.vip4, port, protocol },
      ...(hostName === undefined
        ? { defaultTarget: { ip: target, port } }
        : {
            defaultTarget: { ip: target, port: DISCARD_PORT },
            sniRoutes: [{ sniHostname: hostName, target: { ip: target, port } }],
          }),
      ...(perSource !== undefined && { rateLimits: { perSource: { requestsPerSec: perSource } } }),
    })),
    settings: { attach, maxConnections: MAX_CONNECTIONS, ...settings },
  };
}
