import { httpUrl } from '../lab/index.ts';
import {
  CONTENDERS,
  type Contender,
  type ContenderName,
  PACKET_FORWARDERS,
  WEB_PORT,
} from './contenders/contender.ts';
import { measurePackets } from './packets/measure.ts';
import type { Part, Plan } from './plan.ts';
import { CLOSE_FLAGS, measureWeb, type WebLoad } from './web.ts';

/** One figure that a trial gives. */
export interface Figure {
  readonly id: FigureId;
  /** What it is, for people. */
  readonly title: string;
  readonly unit: '1/s' | 'ms' | 'us';
  readonly better: 'more' | 'less';
}

/** Names of the figures in JSON. */
export type FigureId =
  | 'packetsOneFlow'
  | 'packetsManyFlows'
  | 'connections'
  | 'connectionCpu'
  | 'requests'
  | 'requestCpu'
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
  rateTrial('connections', false, [
    perSecond(
      'connections',
      `connections a second (wrk, one request each, ${BUSY_CONNECTIONS} at the same time)`,
    ),
    microseconds('connectionCpu', 'CPU time of a connection: client, way and server'),
  ]),
  rateTrial('requests', true, [
    perSecond('requests', `requests a second (wrk, ${BUSY_CONNECTIONS} lasting connections)`),
    microseconds('requestCpu', 'CPU time of a request: client, way and server'),
  ]),
  {
    part: 'latency',
    contenders: CONTENDERS,
    figures: [
      milliseconds('latencyP50', `median time of a request (wrk, ${CALM_CONNECTIONS} lasting connections)`),
      milliseconds('latencyP99', '99th percentile of the same'),
    ],
    measure: async (contender, plan, signal) => {
      const load = loadOf(contender, plan, CALM_CONNECTIONS);
      const { p50Ms, p99Ms } = await measureWeb(contender, load, signal);
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

/** wrk as busy as it gets; its rate and what a request of it costs. */
function rateTrial(part: Part, keepAlive: boolean, figures: readonly Figure[]): Trial {
  return {
    part,
    contenders: CONTENDERS,
    figures,
    measure: async (contender, plan, signal) => {
      const load = loadOf(contender, plan, BUSY_CONNECTIONS);
      const flags = keepAlive ? [] : CLOSE_FLAGS;
      const { perSecond: rate, cpuUs } = await measureWeb(contender, { ...load, flags }, signal);
      return [rate, cpuUs];
    },
  };
}

function loadOf({ address }: Contender, { wrkMs: durationMs }: Plan, connections: number): WebLoad {
  return { url: httpUrl(address, WEB_PORT), connections, durationMs };
}

function perSecond(id: FigureId, title: string): Figure {
  return { id, title, unit: '1/s', better: 'more' };
}

function microseconds(id: FigureId, title: string): Figure {
  return { id, title, unit: 'us', better: 'less' };
}

function milliseconds(id: FigureId, title: string): Figure {
  return { id, title, unit: 'ms', better: 'less' };
}
