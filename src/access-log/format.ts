import { isoTimes, perSecond } from '../clock/index.ts';
import type { FlowClosed, FlowEnd, FlowTraffic } from '../events/index.ts';

const MS_PER_SEC = 1000;
const REMEMBERED_NAMES = 1024;

/** How records look. */
export type RecordFormat = 'json' | 'clf' | 'tcplog';

/** A flow that has ended, and when its last packet came. */
export interface EndedFlow {
  readonly flow: FlowClosed;
  /** Milliseconds since 1970. */
  readonly endedAtMs: number;
}

/** Writes records of one format: each is a line, with its line feed. */
export function recordWriter(format: RecordFormat): (ended: EndedFlow) => string {
  const secondText = perSecond(commonDate);
  const dateText = (ms: number) => secondText(Math.floor(ms / MS_PER_SEC));
  switch (format) {
    case 'json':
      return jsonWriter();
    case 'clf':
      return (ended) => commonLog(ended, dateText);
    case 'tcplog':
      return (ended) => tcpLog(ended, dateText);
  }
}

/**
 * What `JSON.stringify` writes, at a third of its cost: the shape is always the same, and only names may hold what must be escaped.
 * Addresses, times and words of ours never do.
 */
function jsonWriter(): (ended: EndedFlow) => string {
  const at = isoTimes();
  const quoted = quotedNames();
  return ({ flow, endedAtMs }) => {
    const { forward, reply } = flow;
    const place = `"proxy":${quoted(flow.proxy)},"protocol":"${flow.protocol}","client":"${flow.client}","listener":"${flow.listener}","target":"${flow.target}"`;
    const why = `"route":"${flow.route}","sni":${flow.sni === null ? 'null' : quoted(flow.sni)},"reason":"${flow.reason}"`;
    const when = `"openedAt":"${flow.openedAt}","durationMs":${flow.durationMs}`;
    return `{"at":"${at(endedAtMs)}",${place},${why},${when},"forward":${traffic(forward)},"reply":${traffic(reply)},"complete":${flow.complete}}\n`;
  };
}

function traffic({ packets, bytes }: FlowTraffic): string {
  return `{"packets":${packets},"bytes":${bytes}}`;
}

/** Names as JSON has them; there are few, which come again and again. */
function quotedNames(): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED_NAMES) known.clear();
    const text = JSON.stringify(name);
    known.set(name, text);
    return text;
  };
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
function commonLog({ flow, endedAtMs }: EndedFlow, dateText: (ms: number) => string): string {
  const { protocol, listener, sni, target } = flow;
  const request = `${protocol.toUpperCase()} ${sni ?? listener} ${target}`;
  return `${addressOf(flow.client)} - ${nameIn(flow.proxy)} [${dateText(endedAtMs)} +0000] "${request}" ${STATUS[flow.reason]} ${flow.reply.bytes}\n`;
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
function tcpLog({ flow }: EndedFlow, dateText: (ms: number) => string): string {
  const { client, openedAt, proxy, target, durationMs, reply, reason } = flow;
  const accepted = `${dateText(Date.parse(openedAt))}.${openedAt.slice(20, 23)}`;
  const name = nameIn(proxy);
  return `${client} [${accepted}] ${name} ${name}/${target} -1/-1/${Math.round(durationMs)} ${reply.bytes} ${TERMINATION[reason]} 0/0/0/0/0 0/0\n`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `10/Oct/2000:13:55:36`, in UTC. */
function commonDate(second: number): string {
  const [year = '', month = '', day = '', time = ''] = new Date(second * MS_PER_SEC)
    .toISOString()
    .split(/[-T.]/);
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
