import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AdminApiConfig, formatEndpoint } from '../../config/index.ts';
import { closeHttpServer, listenOnTcp, type TlsFiles } from '../../http/index.ts';
import { type AnsweredRequest, createAdminApp, type FaultListener } from '../app.ts';
import { createHttpServer } from '../http-server.ts';
import type { BalancerView } from '../view.ts';
import { type Access, guard, NOBODY } from './guard.ts';
import { OpenStreams } from './open-streams.ts';
import { hashOfSecret } from './secrets.ts';
import { readTls } from './tls.ts';

/** How to serve the admin API on TCP. */
export interface TcpAdminOptions {
  readonly view: BalancerView;
  /** Is told about faults of the daemon; default: nobody. */
  readonly onFault?: FaultListener | undefined;
  /** Is told about every request; default: nobody. */
  readonly onAnswer?: ((request: AnsweredRequest) => void) | undefined;
}

interface Served {
  readonly server: Server;
  readonly config: AdminApiConfig;
}

/** The admin API on TCP, as settings want it: not at all, or somewhere, for who has a token. */
export class TcpAdmin {
  readonly #options: TcpAdminOptions;
  #served: Served | null = null;
  #access: Access = NOBODY;
  readonly #streams = new OpenStreams();

  constructor(options: TcpAdminOptions) {
    this.#options = options;
  }

  /** Where it is served; null when it is not. */
  get url(): string | null {
    if (this.#served === null) return null;
    const { address, port, tls } = this.#served.config;
    return `${tls === undefined ? 'http' : 'https'}://${formatEndpoint({ ip: address, port })}`;
  }

  /**
   * Brings the server to these settings. Tokens and certificates are read anew; where nothing else changes, no connection ends
   * but the streams of those whose token is accepted no more.
   * @throws SluiceError of the files of secrets; `conflict` when the port is taken; then what was in force stays, unless it
   *   listened on that port itself
   */
  async apply(config: AdminApiConfig): Promise<void> {
    if (!config.enabled) return this.close();
    const access = await readAccess(config);
    const tls = config.tls === undefined ? undefined : await readTls(config.tls);
    if (this.#served !== null && isSameSocket(this.#served.config, config)) {
      if (tls !== undefined && this.#served.server instanceof TlsServer)
        this.#served.server.setSecureContext(tls);
      this.#served = { server: this.#served.server, config };
      this.#access = access;
      this.#streams.endOthers(access);
    } else await this.#move(config, access, tls);
  }

  /** Ends it; answers under way get two seconds. */
  async close(): Promise<void> {
    const served = this.#served;
    this.#served = null;
    if (served !== null) await closeHttpServer(served.server);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #move(config: AdminApiConfig, access: Access, tls: TlsFiles | undefined): Promise<void> {
    const { view, onFault, onAnswer } = this.#options;
    const app = createAdminApp(view, { onFault, onAnswer, guard: guard(() => this.#access, this.#streams) });
    const server = createHttpServer(app, { tls });
    const isOwnPort = this.#served?.config.port === config.port;
    if (isOwnPort) await this.close();
    const { address, port } = config;
    await listenOnTcp(server, { address, port, what: 'the admin API', settings: 'settings.adminApi' });
    server.on('error', (error) => onFault?.(error));
    const before = this.#served;
    this.#access = access;
    this.#served = { server, config };
    if (before !== null) await closeHttpServer(before.server);
  }
}

async function readAccess(config: AdminApiConfig): Promise<Access> {
  const { tokenSha256, tokenFile, readOnlyTokenSha256, readOnlyTokenFile } = config;
  return {
    token: await hashOfSecret({ sha256: tokenSha256, file: tokenFile }),
    readOnlyToken: await hashOfSecret({ sha256: readOnlyTokenSha256, file: readOnlyTokenFile }),
    hosts: config.allowedHosts,
    origins: config.allowedOrigins,
  };
}

function isSameSocket(a: AdminApiConfig, b: AdminApiConfig): boolean {
  return a.address === b.address && a.port === b.port && (a.tls === undefined) === (b.tls === undefined);
}
