import { type IncomingMessage, request } from 'node:http';
import { SluiceError } from '../errors/index.ts';
import type {
  AdminState,
  CheckReport,
  ConnectionFilter,
  ConnectionsReport,
  DnsReport,
  DrainsReport,
  HealthReport,
  ListFilter,
  ListTotal,
  ReadinessReport,
  StatsReport,
  StatusReport,
  StatusToSet,
  TargetStateReport,
  TargetsReport,
} from '../report/index.ts';
import { MAX_LIMIT, targetPath } from './api/parameters.ts';
import { fromProblem } from './problem.ts';
import type { BalancerView } from './view.ts';

/** How to reach a daemon. */
export interface AdminClientOptions {
  readonly socketPath: string;
  /** Longest wait for an answer; default 10,000. */
  readonly timeoutMs?: number;
  /** Ends every request of this client. */
  readonly signal?: AbortSignal;
}

/** The longest timeout that a health check may have, and some time for the way. */
const LONGEST_CHECK_MS = 65_000;

/** As much of a list as one answer may have. */
const EVERYTHING: ListFilter = { limit: MAX_LIMIT };

/** What a request may have besides its path. */
interface Extras {
  readonly body?: unknown;
  readonly timeoutMs?: number;
  /** A status that is an answer too. */
  readonly alsoStatus?: number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Talks to a running daemon over its admin socket. Holds nothing open between calls.
 * Every method throws the daemon's own {@link SluiceError}; `unreachable` when no daemon answers;
 * `permission` when the socket may not be used.
 */
export class AdminClient implements BalancerView {
  readonly #options: AdminClientOptions;

  constructor(options: AdminClientOptions) {
    this.#options = options;
  }

  /** `GET /readyz`. */
  async readiness(): Promise<ReadinessReport> {
    return (await this.#call('GET', '/readyz', { alsoStatus: 503 })) as ReadinessReport;
  }

  /** `GET /v1/status`. */
  async status(): Promise<StatusReport> {
    return (await this.#call('GET', '/v1/status')) as StatusReport;
  }

  /** `GET /v1/connections`. */
  async connections(filter: ConnectionFilter = {}): Promise<ConnectionsReport> {
    return (await this.#call('GET', withQuery('/v1/connections', filter))) as ConnectionsReport;
  }

  /** `GET /v1/stats`. */
  async stats(): Promise<StatsReport> {
    return (await this.#call('GET', '/v1/stats')) as StatsReport;
  }

  /** `GET /v1/dns`. */
  async dns(filter: ListFilter = EVERYTHING): Promise<DnsReport & ListTotal> {
    return (await this.#call('GET', withQuery('/v1/dns', filter))) as DnsReport & ListTotal;
  }

  /** `POST /v1/dns/HOST/resolve`. */
  async resolveHost(hostname: string): Promise<DnsReport> {
    return (await this.#call('POST', `/v1/dns/${encodeURIComponent(hostname)}/resolve`)) as DnsReport;
  }

  /** `GET /v1/targets`. */
  async targets(filter: ListFilter = EVERYTHING): Promise<TargetsReport & ListTotal> {
    return (await this.#call('GET', withQuery('/v1/targets', filter))) as TargetsReport & ListTotal;
  }

  /** `GET /v1/health`, or `GET /v1/health/PROXY`. */
  async health(proxy?: string): Promise<HealthReport> {
    const all = withQuery('/v1/health', EVERYTHING);
    const path = proxy === undefined ? all : `/v1/health/${encodeURIComponent(proxy)}`;
    return (await this.#call('GET', path)) as HealthReport;
  }

  /** `POST /v1/health/PROXY/TARGET/check`; waits as long as a check may take. */
  async forceCheck(proxy: string, target: string): Promise<CheckReport> {
    const path = `${targetPath('health', proxy, target)}/check`;
    return (await this.#call('POST', path, { timeoutMs: LONGEST_CHECK_MS })) as CheckReport;
  }

  /** `PUT /v1/health/PROXY/TARGET/status`. */
  async setTargetStatus(proxy: string, target: string, status: StatusToSet): Promise<void> {
    await this.#call('PUT', `${targetPath('health', proxy, target)}/status`, { body: { status } });
  }

  /** `GET /v1/targets/PROXY/TARGET/state`. */
  async targetState(proxy: string, target: string): Promise<TargetStateReport> {
    return (await this.#call('GET', `${targetPath('targets', proxy, target)}/state`)) as TargetStateReport;
  }

  /** `PUT /v1/targets/PROXY/TARGET/state`. */
  async setTargetState(
    proxy: string,
    target: string,
    state: AdminState,
    timeoutMs?: number,
  ): Promise<TargetStateReport> {
    const body = { state, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    return (await this.#call('PUT', `${targetPath('targets', proxy, target)}/state`, {
      body,
    })) as TargetStateReport;
  }

  /** `GET /v1/drains`. */
  async drains(filter: ListFilter = EVERYTHING): Promise<DrainsReport & ListTotal> {
    return (await this.#call('GET', withQuery('/v1/drains', filter))) as DrainsReport & ListTotal;
  }

  /** `POST /v1/detach`: the data path is gone when this resolves; the daemon ends soon after. */
  async detach(): Promise<void> {
    await this.#call('POST', '/v1/detach');
  }

  async #call(method: string, path: string, extras: Extras = {}): Promise<unknown> {
    const { socketPath } = this.#options;
    const answer = await this.#exchange(method, path, extras).catch((error: unknown) => {
      throw transportError(socketPath, error);
    });
    if (answer.status < 400) return answer.body;
    const problem = fromProblem(answer.body);
    if (problem === null && answer.status === extras.alsoStatus) return answer.body;
    throw (
      problem ?? new SluiceError('internal', `${method} ${path} was answered with status ${answer.status}`)
    );
  }

  #exchange(method: string, path: string, extras: Extras): Promise<Answer> {
    const { socketPath, signal } = this.#options;
    const timeoutMs = Math.max(this.#options.timeoutMs ?? 10_000, extras.timeoutMs ?? 0);
    const timeout = AbortSignal.timeout(timeoutMs);
    const body = extras.body === undefined ? '' : JSON.stringify(extras.body);
    return new Promise((resolve, reject) => {
      const outgoing = request({
        socketPath,
        method,
        path,
        agent: false,
        headers: {
          accept: 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(extras.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      outgoing.once('error', (error) => reject(timeout.aborted ? noAnswer(socketPath, timeoutMs) : error));
      outgoing.once('response', (incoming) => {
        readJson(incoming).then(
          (answer) => resolve({ status: incoming.statusCode ?? 0, body: answer }),
          reject,
        );
      });
      outgoing.end(body);
    });
  }
}

function withQuery(path: string, filter: ListFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function noAnswer(socketPath: string, timeoutMs: number): SluiceError {
  return new SluiceError(
    'unreachable',
    `the daemon on "${socketPath}" gave no answer within ${timeoutMs} ms`,
  );
}

function transportError(socketPath: string, cause: unknown): SluiceError {
  if (cause instanceof SluiceError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') {
    return new SluiceError('permission', `the admin socket "${socketPath}" may not be used`, {
      fix: 'run with sudo, or join the group that owns the socket',
      cause,
    });
  }
  const why = code === 'ENOENT' || code === 'ECONNREFUSED' ? '' : ` (${errorText(cause)})`;
  return new SluiceError('unreachable', `no daemon answers on "${socketPath}"${why}`, {
    fix: 'is the daemon running? start it with: sluice run -c FILE',
    cause,
  });
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
