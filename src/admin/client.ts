import type { CaptureLine, CaptureRequest } from '../capture/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { EventFilter, ReadOptions, StampedEvent } from '../events/index.ts';
import { METRICS_TYPE } from '../metrics/index.ts';
import type {
  AdminState,
  CheckReport,
  CircuitReport,
  CircuitState,
  CircuitsReport,
  ConnectionFilter,
  ConnectionsReport,
  DnsReport,
  DrainsReport,
  HealthReport,
  LatenciesReport,
  ListFilter,
  ListTotal,
  RateLimitsReport,
  ReadinessReport,
  StatsReport,
  StatusReport,
  StatusToSet,
  TargetStateReport,
  TargetsReport,
  TraceQuestion,
  TraceReport,
} from '../report/index.ts';
import { MAX_LIMIT, targetPath } from './api/parameters.ts';
import { readCapture } from './capture-reader.ts';
import { type ConfigCall, ConfigClient } from './config-client.ts';
import { readEvents } from './event-reader.ts';
import { LogClient } from './log-client.ts';
import { fromProblem } from './problem.ts';
import { type AdminClientOptions, exchange, type RequestExtras } from './transport.ts';
import type { BalancerView } from './view.ts';

/** The longest timeout that a health check may have, and some time for the way. */
const LONGEST_CHECK_MS = 65_000;

/** Answer of `GET /v1/events/recent`. */
export interface EventsReport extends ListTotal {
  readonly events: readonly StampedEvent[];
}

/** How to read events of a daemon. */
export interface StreamOptions extends ReadOptions {
  /** Called once, when nothing that happens is missed any more: the request for events takes its time. */
  readonly onOpen?: (() => void) | undefined;
}

/** As much of a list as one answer may have. */
const EVERYTHING: ListFilter = { limit: MAX_LIMIT };

/** What a request may have besides its path. */
interface Extras extends RequestExtras {
  /** A status that is an answer too. */
  readonly alsoStatus?: number;
}

/**
 * Talks to a running daemon, over its admin socket or TCP. Holds nothing open between calls.
 * Every method throws the daemon's own {@link SluiceError}; `unreachable` when no daemon answers;
 * `permission` when the socket may not be used; `unauthorized` when the token is not the daemon's.
 */
export class AdminClient implements Omit<BalancerView, 'feed'> {
  /** The configuration of the daemon, and every way to change it. */
  readonly configuration: ConfigClient;
  /** How much the daemon logs, and the way to change it. */
  readonly log: LogClient;
  readonly #options: AdminClientOptions;

  constructor(options: AdminClientOptions) {
    this.#options = options;
    const call: ConfigCall = (method, path, extras) => this.#call(method, path, extras);
    this.configuration = new ConfigClient(call);
    this.log = new LogClient(call);
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

  /** `GET /v1/trace`. */
  async trace(question: TraceQuestion): Promise<TraceReport> {
    return (await this.#call('GET', withQuery('/v1/trace', question))) as TraceReport;
  }

  /** `POST /v1/capture`: packets as they pass, until the request's bounds, the signal, or the reader end it. */
  capture(request: CaptureRequest = {}, signal?: AbortSignal): Promise<AsyncIterable<CaptureLine>> {
    const signals = [signal, this.#options.signal].filter((each) => each !== undefined);
    return readCapture(this.#options, request, AbortSignal.any(signals));
  }

  /** `GET /v1/stats`. */
  async stats(): Promise<StatsReport> {
    return (await this.#call('GET', '/v1/stats')) as StatsReport;
  }

  /** `GET /v1/latencies`. */
  async latencies(): Promise<LatenciesReport> {
    return (await this.#call('GET', '/v1/latencies')) as LatenciesReport;
  }

  /** `GET /metrics`: all metrics, in Prometheus' text format. */
  async collectMetrics(): Promise<string> {
    return (await this.#call('GET', '/metrics', { headers: { accept: METRICS_TYPE } })) as string;
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

  /** `GET /v1/circuits`. */
  async circuits(filter: ListFilter = EVERYTHING): Promise<CircuitsReport & ListTotal> {
    return (await this.#call('GET', withQuery('/v1/circuits', filter))) as CircuitsReport & ListTotal;
  }

  /** `PUT /v1/circuits/PROXY/TARGET`. */
  async setCircuit(proxy: string, target: string, state: CircuitState): Promise<CircuitReport> {
    const path = targetPath('circuits', proxy, target);
    return (await this.#call('PUT', path, { body: { state } })) as CircuitReport;
  }

  /** `GET /v1/drains`. */
  async drains(filter: ListFilter = EVERYTHING): Promise<DrainsReport & ListTotal> {
    return (await this.#call('GET', withQuery('/v1/drains', filter))) as DrainsReport & ListTotal;
  }

  /** `GET /v1/rate-limits`. */
  async rateLimits(filter: ListFilter = EVERYTHING): Promise<RateLimitsReport & ListTotal> {
    return (await this.#call('GET', withQuery('/v1/rate-limits', filter))) as RateLimitsReport & ListTotal;
  }

  /** `GET /v1/events/recent`: what happened lately, the youngest last. */
  async recentEvents(filter: EventFilter & ListFilter = {}): Promise<EventsReport> {
    const { types, ...page } = filter;
    const query = { ...page, type: types?.join(',') };
    return (await this.#call('GET', withQuery('/v1/events/recent', query))) as EventsReport;
  }

  /**
   * `GET /v1/events`: what happens, until the daemon ends, the signal aborts, or the reader leaves. To go on after a break, hand
   * in the id of the last event as `after`.
   */
  events({ types, proxy, after, signal, onOpen }: StreamOptions = {}): AsyncIterable<StampedEvent> {
    const signals = [signal, this.#options.signal].filter((each) => each !== undefined);
    const path = withQuery('/v1/events', { type: types?.join(','), proxy });
    return readEvents(this.#options, path, { after, onOpen, signal: AbortSignal.any(signals) });
  }

  /** `POST /v1/detach`: the data path is gone when this resolves; the daemon ends soon after. */
  async detach(): Promise<void> {
    await this.#call('POST', '/v1/detach');
  }

  async #call(method: string, path: string, extras: Extras = {}): Promise<unknown> {
    const answer = await exchange(this.#options, method, path, extras);
    if (answer.status < 400) return answer.body;
    const problem = fromProblem(answer.body);
    if (problem === null && answer.status === extras.alsoStatus) return answer.body;
    throw (
      problem ?? new SluiceError('internal', `${method} ${path} was answered with status ${answer.status}`)
    );
  }
}

function withQuery(path: string, filter: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}
