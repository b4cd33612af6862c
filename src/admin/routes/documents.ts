import { z } from '@hono/zod-openapi';
import type { Change, DocumentValue } from '../../config/index.ts';
import { jsonBody } from '../api/answers.ts';
import { proxyParameter } from '../api/parameters.ts';

const anyValue = z
  .custom<DocumentValue>((value) => value !== undefined)
  .openapi({ type: ['string', 'number', 'boolean', 'null', 'array', 'object'] });

/** A map in the words of a configuration file. The configuration's own rules check it, and point into it. */
export const documentSchema = z
  .record(z.string(), anyValue)
  .describe('A map in the words of a configuration file, see docs/configuration.md and `sluice schema`.')
  .openapi('Document', {
    description: 'A map in the words of a configuration file, see docs/configuration.md and `sluice schema`.',
  });

/** The body of a request that brings a piece of a configuration. @param hint what to send */
export function documentBody(hint: string) {
  return jsonBody(documentSchema, hint);
}

/** A source route of a path. */
export const sourceParameters = proxyParameter.extend({
  source: z.string().describe('Address or CIDR of the clients, percent-encoded: `10.0.0.0%2F8`.'),
});

/** An SNI route of a path. */
export const hostnameParameters = proxyParameter.extend({
  hostname: z.string().describe('The host name that clients ask for.'),
});

/** The body of a change of weights. */
export const weightsBody = jsonBody(
  z
    .strictObject({
      weights: z
        .union([z.literal('equal'), z.record(z.string(), z.number())])
        .describe(
          'Percent by target (`ip:port`); targets that are not named share the rest as they did. `equal`: the same for all.',
        ),
    })
    .openapi('Weights', { description: 'Shares of new connections in one pool.' }),
  'send {"weights": {"10.0.0.1:8080": 30, ...}} or {"weights": "equal"}',
);

/** The body of a change of interfaces. */
export const interfacesBody = jsonBody(
  z
    .strictObject({
      interfaces: z.array(z.string()).min(1).readonly().describe('Names of interfaces.'),
      proxy: z
        .string()
        .optional()
        .describe('Only for this proxy; without it, all that listen on interfaces.'),
    })
    .openapi('InterfaceChange', { description: 'Interfaces that proxies listen on.' }),
  'send {"interfaces": ["eth1"]}, and "proxy" to mean one alone',
);

/** A change of interfaces as it came in a body. */
export function interfaceChange(
  kind: 'attachInterfaces' | 'detachInterfaces',
  { interfaces, proxy }: { readonly interfaces: readonly string[]; readonly proxy?: string | undefined },
): Change {
  return { kind, interfaces, ...(proxy === undefined ? {} : { proxy }) };
}
