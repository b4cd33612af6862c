import * as z from 'zod';
import { choice } from './algorithm.ts';
import { circuitBreakerSchema } from './circuit-breaker.ts';
import { map, oneOrMany } from './collections.ts';
import { healthCheckSchema } from './health-check.ts';
import { proxyProtocol } from './proxy-protocol.ts';
import { proxyRateLimitsSchema } from './rate-limits.ts';
import { interfaceName, listenAddress, oneOf, port, proxyName, sniHostName, source } from './scalars.ts';
import { targetListSchema, targetSchema, targetsSchema } from './target.ts';

const protocols = 'expected "tcp", "udp", "both" or a list of "tcp" and "udp"';

/** Where a proxy listens. */
export const listenSchema = map(
  {
    interfaces: oneOrMany(interfaceName(), 'the name of an interface or a list of names')
      .optional()
      .describe('Interfaces to listen on. May be left out when `address` is given.'),
    address: oneOrMany(listenAddress(), 'an IPv4 or IPv6 address or a list of addresses')
      .optional()
      .describe('Addresses to listen on. When left out: every address of the interfaces, as they change.'),
    port: port().describe('Port to listen on.'),
    protocol: z
      .union([oneOf(['tcp', 'udp', 'both']), z.array(oneOf(['tcp', 'udp'])).min(1, { error: protocols })], {
        error: protocols,
      })
      .default('both')
      .describe('Transport protocols to accept.'),
  },
  'a map with `interfaces` or `address`, and `port`',
).describe('Where the proxy listens.');

const targets = {
  target: targetSchema.optional().describe('The one target of the route. A route has `target` or `targets`.'),
  targets: targetListSchema
    .optional()
    .describe('The targets of the route. A route has `target` or `targets`.'),
  ...choice('that of the proxy'),
  proxyProtocol: proxyProtocol('that of the proxy'),
};
const oneKindOfTargets = { oneOf: [{ required: ['target'] }, { required: ['targets'] }] };

/** A route for the clients of a prefix. */
export const sourceRouteSchema = map(
  { source: source().describe('Address or CIDR of the clients.'), ...targets },
  'a map with `source`, and `target` or `targets`',
).meta(oneKindOfTargets);

/** A route for the TLS clients that ask for a name. */
export const sniRouteSchema = map(
  {
    sniHostname: sniHostName().describe('Host name that clients ask for; case does not matter.'),
    ...targets,
  },
  'a map with `sniHostname`, and `target` or `targets`',
).meta(oneKindOfTargets);

/** A proxy: where to listen and where to send. */
export const proxySchema = map(
  {
    name: proxyName().describe('Unique name of the proxy.'),
    listen: listenSchema,
    mode: oneOf(['nat', 'snat'])
      .default('nat')
      .describe(
        'How packets reach a target: `nat` keeps the address of the client, `snat` uses an address of the balancer.',
      ),
    defaultTarget: targetsSchema.describe(
      'Where connections go that no route matches: one target or a list.',
    ),
    sourceRoutes: z
      .array(sourceRouteSchema, { error: 'expected a list of source routes' })
      .default([])
      .describe('Routes by the address of the client; the longest matching prefix wins.'),
    sniRoutes: z
      .array(sniRouteSchema, { error: 'expected a list of SNI routes' })
      .default([])
      .describe('Routes by the host name in the TLS handshake; looked at when no source route matches.'),
    ...choice('that of `settings.loadBalancing`'),
    proxyProtocol: proxyProtocol('none'),
    healthCheck: healthCheckSchema.optional(),
    rateLimits: proxyRateLimitsSchema.optional(),
    circuitBreaker: circuitBreakerSchema.optional(),
  },
  'a map with `name`, `listen` and `defaultTarget`',
);

/** What {@link proxySchema} yields. */
export type ProxyInput = z.output<typeof proxySchema>;

/** What {@link listenSchema} yields. */
export type ListenInput = z.output<typeof listenSchema>;
