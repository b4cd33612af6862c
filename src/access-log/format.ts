import type { FlowClosed, FlowEnd } from '../events/index.ts';

/** How records look. */
export type RecordFormat = 'json' | 'clf' | 'tcplog';

/** A flow that has ended, and when its last packet came. */
export interface EndedFlow {
  readonly flow: FlowClosed;
  /** Milliseconds since 1970. */
  readonly endedAtMs: number;
}

/** The line of a record, with its line feed. */
export function formatRecord(format: RecordFormat, ended: EndedFlow): string {
  switch (format) {
    case 'json':
      return json(ended);
    case 'clf':
      return commonLog(ended);
    case 'tcplog':
      return tcpLog(ended);
  }
}

function json({ flow: { type: _, ...flow }, endedAtMs }: EndedFlow): string {
  return `${JSON.stringify({ at: new Date(endedAtMs).toISOString(), ...flow })}\n`;
}

/** What stands where readers of the common log format expect a status of HTTP (RFC 9110, 15); 499 is nginx's. */
const STATUS: Readonly<Record<FlowEnd, number>> = {
  fin: 200,
  drained: 200,
  rst: 499,
  refused: 502,
  timeout: 504,
  evicted: 503,
};

/** https://httpd.apache.org/docs/2.4/logs.html#common */
function commonLog({ flow, endedAtMs }: EndedFlow): string {
  const { protocol, listener, sni, target } = flow;
  const request = `${protocol.toUpperCase()} ${sni ?? listener} ${target}`;
  return `${addressOf(flow.client)} - ${nameIn(flow.proxy)} [${commonDate(endedAtMs)} +0000] "${request}" ${STATUS[flow.reason]} ${flow.reply.bytes}\n`;
}

/**
 * HAProxy's `termination_state`: who has ended it (`-` nobody before its time, C a client, S a server, R our resources), and when
 * (C while the server was asked, D while data went). A RST does not say whose it was; C is the more frequent.
 */
const TERMINATION: Readonly<Record<FlowEnd, string>> = {
  fin: '--',
  drained: '--',
  rst: 'CD',
  refused: 'SC',
  timeout: 'cD',
  evicted: 'RD',
};

/** HAProxy's `option tcplog` (its configuration manual, 8.2.2). Times and counts that this balancer does not know are -1 and 0. */
function tcpLog({ flow }: EndedFlow): string {
  const { client, openedAt, proxy, target, durationMs, reply, reason } = flow;
  const accepted = `${commonDate(Date.parse(openedAt))}.${openedAt.slice(20, 23)}`;
  const name = nameIn(proxy);
  return `${client} [${accepted}] ${name} ${name}/${target} -1/-1/${Math.round(durationMs)} ${reply.bytes} ${TERMINATION[reason]} 0/0/0/0/0 0/0\n`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `10/Oct/2000:13:55:36`, in UTC. */
function commonDate(ms: number): string {
  const [year = '', month = '', day = '', time = ''] = new Date(ms).toISOString().split(/[-T.]/);
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time}`;
}

/** An address without its port, and IPv6 without brackets. */
function addressOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

/** A name as one word: fields are told apart by spaces. */
function nameIn(name: string): string {
  return name.replace(/[\s"\p{Cc}]/gu, '_');
}
