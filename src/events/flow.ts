/** Packets and bytes of one direction, headers from IP on included. */
export interface FlowTraffic {
  readonly packets: number;
  readonly bytes: number;
}

/** Whose flow it is, and where it goes. */
export interface FlowPlace {
  readonly proxy: string;
  readonly protocol: 'tcp' | 'udp';
  /** `192.0.2.7:40000`; IPv6 as `[2001:db8::7]:40000`. */
  readonly client: string;
  /** Where the client came to. */
  readonly listener: string;
  readonly target: string;
  /** What led there: the default targets, a source route, or an SNI route. */
  readonly route: 'default' | 'source' | 'sni';
  /** The host name of the SNI route, as it is configured (`*.example.com`); null without one. */
  readonly sni: string | null;
}

/** A client has opened a connection, or begun to send datagrams. */
export interface FlowOpened extends FlowPlace {
  readonly type: 'flowOpened';
}

/** How a flow has ended; see docs/flow-events.md. */
export type FlowEnd = 'fin' | 'rst' | 'refused' | 'timeout' | 'evicted' | 'drained';

/** A flow has ended. Told when the kernel forgets it, which is some seconds after its last packet. */
export interface FlowClosed extends FlowPlace {
  readonly type: 'flowClosed';
  readonly reason: FlowEnd;
  /** When it was opened, ISO 8601. */
  readonly openedAt: string;
  /** From when it was opened to its last packet, to about 4 ms. */
  readonly durationMs: number;
  /** From the client to the target. */
  readonly forward: FlowTraffic;
  /** From the target to the client. */
  readonly reply: FlowTraffic;
  /** False when packets are missing, because the flow table was too full to keep it whole. */
  readonly complete: boolean;
}

/** What is told of single flows. There may be many: only who asks for these types gets them, and none are kept. */
export type FlowEvent = FlowOpened | FlowClosed;

/** Types of {@link FlowEvent}. */
export const FLOW_EVENT_TYPES = ['flowOpened', 'flowClosed'] as const satisfies readonly FlowEvent['type'][];

/** Whether an event is of a single flow. */
export function isFlowType(type: string): type is FlowEvent['type'] {
  return type === 'flowOpened' || type === 'flowClosed';
}
