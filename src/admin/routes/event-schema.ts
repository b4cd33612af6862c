import { z } from '@hono/zod-openapi';
import type { StampedEvent } from '../../events/index.ts';

const stamp = {
  id: z
    .string()
    .describe('Tells where a reader was: begins with the life of the daemon, ends with a number.'),
  at: z.string().describe('When it happened, ISO 8601.'),
};
const proxy = z.string().describe('Its proxy.');
const target = z.string().describe('`ip:port`, or `[ip]:port` for IPv6.');
const hostname = z.string().describe('The name.');
const proxies = z.array(z.string()).readonly().describe('Proxies whose targets have it.');
const weights = (what: string) => z.array(z.number()).readonly().describe(what);
const addresses = (what: string) => z.array(z.string()).readonly().describe(what);
const type = <Word extends string>(word: Word) => z.literal(word).describe('What happened.');

const targetHealthy = z
  .strictObject({ ...stamp, type: type('targetHealthy'), proxy, target, reason: z.string().describe('Why.') })
  .openapi('TargetHealthy', { description: 'A target gets connections again, as far as its health goes.' });

const targetUnhealthy = z
  .strictObject({
    ...stamp,
    type: type('targetUnhealthy'),
    proxy,
    target,
    reason: z.string().describe('Why.'),
  })
  .openapi('TargetUnhealthy', { description: 'A target is to get no more connections.' });

const weightsUpdated = z
  .strictObject({
    ...stamp,
    type: type('weightsUpdated'),
    proxy,
    pool: z.string().describe('`default`, or the source of the route.'),
    targets: z.array(z.string()).readonly().describe('The targets of the pool.'),
    originalWeights: weights('As configured, percent, in the order of `targets`.'),
    effectiveWeights: weights('As they are now, percent, in the order of `targets`.'),
  })
  .openapi('WeightsUpdated', { description: 'Connections are shared out anew in one pool.' });

const targetStateChanged = z
  .strictObject({
    ...stamp,
    type: type('targetStateChanged'),
    proxy,
    target,
    state: z.enum(['ready', 'drain', 'maintenance']).describe('What operators want of it now.'),
  })
  .openapi('TargetStateChanged', { description: 'An operator wants something else of a target.' });

const drainStarted = z
  .strictObject({
    ...stamp,
    type: type('drainStarted'),
    proxy,
    target,
    initialConnections: z.int().describe('Flows that were open then.'),
    timeoutMs: z.number().describe('How long they may take to end.'),
  })
  .openapi('DrainStarted', { description: 'A target is being drained.' });

const drainEnded = z
  .strictObject({
    ...stamp,
    type: type('drainEnded'),
    proxy,
    target,
    status: z.enum(['completed', 'timeout', 'cancelled']).describe('How it ended.'),
    elapsedMs: z.number().describe('How long it took.'),
    currentConnections: z.int().describe('Flows that are still open.'),
  })
  .openapi('DrainEnded', { description: 'A drain is over.' });

const circuit = <Word extends string>(word: Word) =>
  z.strictObject({ ...stamp, type: type(word), proxy, target, reason: z.string().describe('Why.') });

const circuitOpened = circuit('circuitOpened').openapi('CircuitOpened', {
  description: 'A target gets no new connections: too many failed, or somebody has said so.',
});

const circuitHalfOpened = circuit('circuitHalfOpened').openapi('CircuitHalfOpened', {
  description: 'A target gets a tenth of its share, to see whether it answers.',
});

const circuitClosed = circuit('circuitClosed').openapi('CircuitClosed', {
  description: 'A target gets its share again.',
});

const dnsResolved = z
  .strictObject({
    ...stamp,
    type: type('dnsResolved'),
    hostname,
    proxies,
    added: addresses('What it stands for now, and did not before.'),
    removed: addresses('What it stood for before, and does not now.'),
    changed: z.boolean().describe('Whether anything is different: an address, a port, a share.'),
  })
  .openapi('DnsResolved', { description: 'A host name of targets was resolved.' });

const dnsFailed = z
  .strictObject({
    ...stamp,
    type: type('dnsFailed'),
    hostname,
    proxies,
    error: z.string().describe('Why.'),
    consecutiveFailures: z.int().describe('Failures since the last good answer.'),
  })
  .openapi('DnsFailed', { description: 'A host name could not be resolved; its last addresses stand.' });

const configurationApplied = z
  .strictObject({
    ...stamp,
    type: type('configurationApplied'),
    generation: z.int().describe('Its generation.'),
    hash: z.string().describe('Its SHA-256, hex.'),
  })
  .openapi('ConfigurationApplied', { description: 'A configuration is in force.' });

const configurationRefused = z
  .strictObject({ ...stamp, type: type('configurationRefused'), reason: z.string().describe('Why.') })
  .openapi('ConfigurationRefused', { description: 'A reload failed; the last good configuration stays.' });

const flowTraffic = (what: string) =>
  z.strictObject({ packets: z.int().describe('Packets.'), bytes: z.int().describe('Bytes.') }).describe(what);

const flowPlace = {
  ...stamp,
  proxy,
  protocol: z.enum(['tcp', 'udp']).describe('Its protocol.'),
  client: z.string().describe('The client, `ip:port`.'),
  listener: z.string().describe('Where the client came to, `ip:port`.'),
  target,
  route: z.enum(['default', 'source', 'sni']).describe('What led to the target.'),
  sni: z.string().nullable().describe('The host name of the SNI route, as it is configured.'),
};

const flowOpened = z
  .strictObject({ ...flowPlace, type: type('flowOpened') })
  .openapi('FlowOpened', { description: 'A client has opened a connection, or begun to send datagrams.' });

const flowClosed = z
  .strictObject({
    ...flowPlace,
    type: type('flowClosed'),
    reason: z
      .enum(['fin', 'rst', 'refused', 'timeout', 'evicted', 'drained'])
      .describe('How it has ended; see docs/flow-events.md.'),
    openedAt: z.string().describe('When it was opened, ISO 8601.'),
    durationMs: z.number().describe('From when it was opened to its last packet.'),
    forward: flowTraffic('From the client to the target.'),
    reply: flowTraffic('From the target to the client.'),
    complete: z
      .boolean()
      .describe('False when packets are missing: the table was too full to keep it whole.'),
  })
  .openapi('FlowClosed', { description: 'A flow has ended.' });

const eventsDropped = z
  .strictObject({ ...stamp, type: type('eventsDropped'), count: z.int().describe('How many.') })
  .openapi('EventsDropped', {
    description: 'Events are missing before the next one: the reader was too slow, or away for too long.',
  });

/** Everything that may happen. */
export const eventSchema = z
  .discriminatedUnion('type', [
    targetHealthy,
    targetUnhealthy,
    weightsUpdated,
    targetStateChanged,
    drainStarted,
    drainEnded,
    circuitOpened,
    circuitHalfOpened,
    circuitClosed,
    dnsResolved,
    dnsFailed,
    configurationApplied,
    configurationRefused,
    flowOpened,
    flowClosed,
    eventsDropped,
  ])
  .openapi('Event', { description: 'Something that happened.' }) satisfies z.ZodType<StampedEvent>;
