import { CONTENDERS, type Contender, type ContenderName, PACKET_FORWARDERS } from './contenders/contender.ts';
import { measurePackets } from './packets/measure.ts';
import type { Part, Plan } from './plan.ts';
import { measureWeb, type WebLoad } from './web.ts';

/** One figure that a trial gives. */
export interface Figure {
  readonly id: FigureId;
  /** What it is, for people. */
  readonly title: string;
  readonly unit: '1/s' | 'ms';
  readonly better: 'more' | 'less';
}

/** Names of the figures in JSON. */
export type FigureId =
  | 'packetsOneFlow'
  | 'packetsManyFlows'
  | 'connections'
  | 'requests'
  | 'latencyP50'
  | 'latencyP99';

/** Something that all contenders are put through. */
export interface Trial {
  readonly part: Part;
  readonly contenders: readonly ContenderName[];
  readonly figures: readonly Figure[];
  /** Measures a contender once; one number for each of the figures. */
  readonly measure: (contender: Contender, plan: Plan, signal: AbortSignal) => Promise<readonly number[]>;
}

const MANY_FLOWS = 10_000;
const BUSY_CONNECTIONS = 32;
/** So few that requests hardly queue: what is left is the way and the servers. */
const CALM_CONNECTIONS = 4;

/** Every trial, in the order in which they run. */
export const TRIALS: readonly Trial[] = [
  packetTrial('packetsOneFlow', 'packets a second, one flow', 1),
  packetTrial(
    'packetsManyFlows',
    `packets a second, ${MANY_FLOWS.toLocaleString('en-US')} flows`,
    MANY_FLOWS,
  ),
  {
    part: 'connections',
    contenders: CONTENDERS,
    figures: [
      perSecond(
        'connections',
        `connections a second (wrk, one request each, ${BUSY_CONNECTIONS} at the same time)`,
      ),
    ],
    measure: async (contender, { wrkSeconds: seconds }) => {
      const load: WebLoad = { connections: BUSY_CONNECTIONS, keepAlive: false, seconds };
      return [(await measureWeb(contender, load)).requestsPerSecond];
    },
  },
  {
    part: 'requests',
    contenders: CONTENDERS,
    figures: [perSecond('requests', `requests a second (wrk, ${BUSY_CONNECTIONS} lasting connections)`)],
    measure: async (contender, { wrkSeconds: seconds }) => {
      const load: WebLoad = { connections: BUSY_CONNECTIONS, keepAlive: true, seconds };
      return [(await measureWeb(contender, load)).requestsPerSecond];
    },
  },
  {
    part: 'latency',
    contenders: CONTENDERS,
    figures: [
      milliseconds('latencyP50', `median time of a request (wrk, ${CALM_CONNECTIONS} lasting connections)`),
      milliseconds('latencyP99', '99th percentile of the same'),
    ],
    measure: async (contender, { wrkSeconds: seconds }) => {
      const { p50Ms, p99Ms } = await measureWeb(contender, {
        connections: CALM_CONNECTIONS,
        keepAlive: true,
        seconds,
      });
      return [p50Ms, p99Ms];
    },
  },
];

function packetTrial(id: FigureId, title: string, flows: number): Trial {
  return {
    part: 'packets',
    contenders: PACKET_FORWARDERS,
    figures: [perSecond(id, `${title} (UDP, 64 bytes, one core for everything)`)],
    measure: async (contender, plan, signal) => [
      await measurePackets(contender, { flows, durationMs: plan.generateMs }, signal),
    ],
  };
}

function perSecond(id: FigureId, title: string): Figure {
  return { id, title, unit: '1/s', better: 'more' };
}

function milliseconds(id: FigureId, title: string): Figure {
  return { id, title, unit: 'ms', better: 'less' };
}
