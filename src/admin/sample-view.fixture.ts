import type { CaptureLine, CaptureRequest } from '../capture/index.ts';
import { SluiceError } from '../errors/index.ts';
import { EventFeed } from '../events/index.ts';
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
import {
  sampleCircuit,
  sampleConnections,
  sampleDns,
  sampleDrain,
  sampleHealth,
  sampleLatencies,
  sampleRateLimits,
  sampleStats,
  sampleStatus,
  sampleTargets,
  sampleTrace,
} from '../report/sample-reports.fixture.ts';
import type { LogView } from './log-view.ts';
import { SampleConfig } from './sample-config.fixture.ts';
import type { BalancerView } from './view.ts';

/** A SYN that is forwarded, one that is dropped, and the end, for tests. */
export const sampleCapture: readonly CaptureLine[] = [
  {
    type: 'packet',
    timeUs: 1_767_323_045_000_123,
    hook: 'tc_ingress',
    interface: { index: 2, name: 'eth0' },
    outcome: 'forwarded',
    reason: 'new_flow',
    verdict: 7,
    proxy: 'web',
    target: '10.0.0.1:8080',
    before: { length: 74, bytes: sampleSyn('c0000202', '0050', 64) },
    after: { length: 74, bytes: sampleSyn('0a000001', '1f90', 63) },
  },
  {
    type: 'packet',
    timeUs: 1_767_323_045_000_456,
    hook: 'tc_ingress',
    interface: { index: 2, name: 'eth0' },
    outcome: 'dropped',
    reason: 'no_target',
    verdict: 2,
    proxy: 'web',
    target: null,
    before: { length: 74, bytes: sampleSyn('c0000202', '0050', 64) },
    after: null,
  },
  { type: 'end', why: 'count', packets: 2, matched: 5, lost: 3 },
];

/** The headers of a SYN of 198.51.100.7:40000 to an address and port in hex, in Base64. */
function sampleSyn(address: string, port: string, ttl: number): string {
  const ethernet = '0200000000990200000000010800';
  const ip = `4500003c00004000${ttl.toString(16)}060000c6336407${address}`;
  return Buffer.from(`${ethernet}${ip}9c40${port}000003e800000000a002fffffe300000`, 'hex').toString('base64');
}

async function* linesOf(lines: readonly CaptureLine[]): AsyncGenerator<CaptureLine, void> {
  yield* lines;
}

/** Metrics, for tests. */
export const sampleMetrics = '# HELP lb_up Whether it runs.\n# TYPE lb_up gauge\nlb_up 1\n';

/** A view that answers with the samples and remembers what it was asked. */
export class SampleView implements BalancerView {
  readonly configuration = new SampleConfig();
  readonly filters: ConnectionFilter[] = [];
  readonly states = new Map<string, AdminState>();
  readonly timeouts: (number | undefined)[] = [];
  detached = 0;
  /** What was asked of the health of targets, in words. */
  readonly asked: string[] = [];
  /** What is answered to questions about health. */
  healthAnswer: HealthReport = sampleHealth;

  /** The level that was set last. */
  logLevel = 'info';
  log: LogView = {
    level: async () => ({ level: this.logLevel }),
    setLevel: async (level) => {
      this.logLevel = level;
      return { level };
    },
  };

  readonly feed = new EventFeed({
    nowMs: () => Date.parse('2026-01-02T03:04:05.678Z'),
    onFault: (error) => {
      throw error;
    },
  });

  /** Why it is not ready. */
  readonly unready: string[] = [];

  async readiness(): Promise<ReadinessReport> {
    return { ready: this.unready.length === 0, reasons: [...this.unready] };
  }

  async status(): Promise<StatusReport> {
    return sampleStatus;
  }

  async connections(filter: ConnectionFilter): Promise<ConnectionsReport> {
    this.filters.push(filter);
    return sampleConnections;
  }

  async trace(question: TraceQuestion): Promise<TraceReport> {
    const { client, destination, protocol, sni } = question;
    this.asked.push(['trace', client, destination, protocol, sni].filter(Boolean).join(' '));
    return { ...sampleTrace, ...question };
  }

  async capture(request: CaptureRequest, _signal?: AbortSignal): Promise<AsyncIterable<CaptureLine>> {
    this.asked.push(`capture ${JSON.stringify(request)}`);
    return linesOf(sampleCapture);
  }

  async stats(): Promise<StatsReport> {
    return sampleStats;
  }

  async latencies(): Promise<LatenciesReport> {
    return sampleLatencies;
  }

  async collectMetrics(): Promise<string> {
    return sampleMetrics;
  }

  async dns(): Promise<DnsReport> {
    return sampleDns;
  }

  async resolveHost(hostname: string): Promise<DnsReport> {
    const hosts = sampleDns.hosts.filter((host) => host.hostname === hostname);
    if (hosts.length === 0) throw new SluiceError('not_found', `no target has the host ${hostname}`);
    return { hosts };
  }

  async targets(): Promise<TargetsReport> {
    return sampleTargets;
  }

  async health(proxy?: string): Promise<HealthReport> {
    this.asked.push(`health ${proxy ?? 'of all'}`);
    return this.healthAnswer;
  }

  async forceCheck(proxy: string, target: string): Promise<CheckReport> {
    this.asked.push(`check ${proxy} ${target}`);
    return { success: false, latencyMs: 1000.2, reason: 'timeout', message: 'no success within 1000 ms' };
  }

  async setTargetStatus(proxy: string, target: string, status: StatusToSet): Promise<void> {
    this.asked.push(`set ${proxy} ${target} ${status}`);
  }

  async targetState(proxy: string, target: string): Promise<TargetStateReport> {
    const drain = this.states.get(`${proxy} ${target}`) === 'drain' ? sampleDrain : null;
    return { proxy, target, state: this.states.get(`${proxy} ${target}`) ?? 'ready', drain };
  }

  async setTargetState(
    proxy: string,
    target: string,
    state: AdminState,
    timeoutMs?: number,
  ): Promise<TargetStateReport> {
    if (proxy !== 'web') throw new SluiceError('not_found', `there is no proxy "${proxy}"`);
    this.states.set(`${proxy} ${target}`, state);
    this.timeouts.push(timeoutMs);
    return this.targetState(proxy, target);
  }

  async circuits(): Promise<CircuitsReport> {
    return { circuits: [sampleCircuit] };
  }

  async setCircuit(proxy: string, target: string, state: CircuitState): Promise<CircuitReport> {
    if (proxy !== 'web') throw new SluiceError('not_found', `there is no proxy "${proxy}"`);
    this.asked.push(`circuit ${proxy} ${target} ${state}`);
    return { ...sampleCircuit, target, status: state === 'open' ? 'open' : 'closed' };
  }

  async drains(): Promise<DrainsReport> {
    return { drains: [sampleDrain] };
  }

  async rateLimits(): Promise<RateLimitsReport> {
    return { proxies: [sampleRateLimits] };
  }

  async detach(): Promise<void> {
    this.detached += 1;
  }
}
