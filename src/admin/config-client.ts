import { type Change, configDocument, type LoadedConfig } from '../config/index.ts';
import type {
  ChangeOptions,
  ChangeReport,
  ConfigReport,
  DiffReport,
  InterfacesReport,
  RoutesReport,
} from '../report/index.ts';
import { MAX_LIMIT } from './api/parameters.ts';
import { requestOf } from './config-requests.ts';
import type { ConfigView } from './config-view.ts';

/** What a request may have besides its path. */
export interface ConfigCallExtras {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Sends a request and gives the body of its answer. @throws the daemon's own SluiceError */
export type ConfigCall = (method: string, path: string, extras?: ConfigCallExtras) => Promise<unknown>;

/** A configuration of thousands of targets may wait for look-ups of their names and routes. */
const LONGEST_CHANGE_MS = 60_000;

/** The configuration of a daemon, over its admin API. */
export class ConfigClient implements ConfigView {
  readonly #call: ConfigCall;

  constructor(call: ConfigCall) {
    this.#call = call;
  }

  /** `GET /v1/config`. */
  async running(): Promise<ConfigReport> {
    return (await this.#call('GET', '/v1/config')) as ConfigReport;
  }

  /** `POST`, `PUT` or `DELETE` below `/v1/proxies` and `/v1/interfaces`. */
  async change(change: Change, options: ChangeOptions = {}): Promise<ChangeReport> {
    const { method, path, query, body } = requestOf(change);
    return await this.#send(method, path, options, query, body);
  }

  /** `PUT /v1/config`. */
  async replace({ config }: LoadedConfig, options: ChangeOptions = {}): Promise<ChangeReport> {
    return await this.#send('PUT', '/v1/config', options, {}, configDocument(config));
  }

  /** `POST /v1/reload`. */
  async reload(options: ChangeOptions = {}): Promise<ChangeReport> {
    return await this.#send('POST', '/v1/reload', options);
  }

  /** `GET /v1/config/diff`. */
  async diff({ plan = false }: Pick<ChangeOptions, 'plan'> = {}): Promise<DiffReport> {
    const path = `/v1/config/diff${plan ? '?plan=true' : ''}`;
    return (await this.#call('GET', path, { timeoutMs: LONGEST_CHANGE_MS })) as DiffReport;
  }

  /** `GET /v1/routes`: of all proxies, or of one. */
  async routes(proxy?: string): Promise<RoutesReport> {
    const query = new URLSearchParams({
      limit: String(MAX_LIMIT),
      ...(proxy === undefined ? {} : { proxy }),
    });
    return (await this.#call('GET', `/v1/routes?${query}`)) as RoutesReport;
  }

  /** `GET /v1/interfaces`. */
  async interfaces(): Promise<InterfacesReport> {
    return (await this.#call('GET', '/v1/interfaces')) as InterfacesReport;
  }

  async #send(
    method: string,
    path: string,
    { dryRun, plan, ifHash }: ChangeOptions,
    query: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<ChangeReport> {
    const words = new URLSearchParams(query);
    if (dryRun) words.set('dryRun', 'true');
    if (plan) words.set('plan', 'true');
    const headers = ifHash === undefined ? {} : { 'if-match': ifHash.map((hash) => `"${hash}"`).join(', ') };
    const answer = await this.#call(method, words.size === 0 ? path : `${path}?${words}`, {
      headers,
      timeoutMs: LONGEST_CHANGE_MS,
      ...(body === undefined ? {} : { body }),
    });
    return answer as ChangeReport;
  }
}
