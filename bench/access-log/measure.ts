import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import type { RecordFormat } from '../../src/access-log/index.ts';
import { parseConfig } from '../../src/config/index.ts';
import { FlowTeller } from '../../src/control/index.ts';
import { decodeFlowEvent, type FlowEventEntry } from '../../src/datapath/index.ts';
import { EventFeed } from '../../src/events/index.ts';

/** Where records go, and how they look. */
export interface LogSpec {
  readonly format: RecordFormat;
  readonly path: string;
}

/** What a run gave. */
export interface RecordCost {
  /** CPU time of all threads. */
  readonly nsPerRecord: number;
}

const NS_PER_US = 1000;
/** The daemon looks so often whether its turn is over. */
const LOOK_EVERY = 64;

/** Lets a teller read ends of flows and log them. @throws Error when a record is lost */
export async function measureRecords(flows: readonly Buffer[], spec: LogSpec): Promise<RecordCost> {
  let at = 0;
  const read = (visit: (event: FlowEventEntry) => void, isEnough: () => boolean): number => {
    const begun = at;
    for (let flow = flows[at]; flow !== undefined; flow = flows[at]) {
      at += 1;
      visit(decodeFlowEvent(flow));
      if (at % LOOK_EVERY === 0 && isEnough()) break;
    }
    return at - begun;
  };
  const teller = tellerOver(read, spec);
  await teller.begin();
  const before = process.cpuUsage();
  while (at < flows.length) {
    teller.turn();
    await nextTurn();
  }
  await teller.close();
  const { user, system } = process.cpuUsage(before);
  const { written, dropped } = teller.report().accessLog;
  if (written !== flows.length) throw new Error(`${written} records were written, ${dropped} dropped`);
  return { nsPerRecord: ((user + system) * NS_PER_US) / flows.length };
}

function tellerOver(
  read: (visit: (event: FlowEventEntry) => void, isEnough: () => boolean) => number,
  accessLog: LogSpec,
): FlowTeller {
  const text = JSON.stringify({
    proxies: [
      {
        name: 'web',
        listen: { interfaces: ['eth0'], port: 443 },
        defaultTarget: { ip: '10.0.0.1', port: 8443 },
      },
    ],
    settings: { accessLog: { enabled: true, ...accessLog } },
  });
  const { config } = parseConfig(text, { format: 'json', file: null });
  const losses = () => ({ opened: 0, closed: 0, flows: 0 });
  const kernel = {
    datapath: { flowEvents: { tell: async () => {}, read, losses } },
    state: { proxies: new Map([['web', 0]]) },
    desired: { proxies: [] },
  };
  const feed = new EventFeed({ nowMs: Date.now, onFault: () => {} });
  const parts = { kernel, feed, logger: pino({ level: 'silent' }) };
  return new FlowTeller(parts, { applied: { config }, targetStates: { wasReady: () => true } });
}
