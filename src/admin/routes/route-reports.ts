import { z } from '@hono/zod-openapi';
import type { ConfigDocument, DocumentMap, DocumentValue } from '../../config/index.ts';
import type { ConfigReport, InterfaceReport, RouteReport } from '../../report/index.ts';
import { totalOfList } from '../api/parameters.ts';
import { documentSchema } from './documents.ts';

/** Routes of all proxies. */
export const routesSchema = z
  .strictObject({
    total: totalOfList(),
    routes: z
      .array(
        z
          .strictObject({
            proxy: z.string().describe('The proxy.'),
            kind: z
              .enum(['source', 'sni'])
              .describe('By the address of the client, or by the name it asks for.'),
            route: documentSchema,
          })
          .openapi('Route', { description: 'Clients that have targets of their own.' }),
      )
      .readonly()
      .describe('The routes, as in a configuration file.'),
  })
  .openapi('Routes', { description: 'Routes of the configuration in force.' });

/** Interfaces and who listens there. */
export const interfacesSchema = z
  .strictObject({
    interfaces: z
      .array(
        z
          .strictObject({
            name: z.string().describe('Name of the interface.'),
            index: z.int().describe('Its index; 0 when it is missing.'),
            role: z.enum(['listen', 'reply', 'both']).describe('Why the programs are on it.'),
            mode: z.enum(['native', 'generic', 'tc', 'detached']).describe('What is attached now.'),
            proxies: z.array(z.string()).readonly().describe('Proxies that name it.'),
          })
          .openapi('ListeningInterface', { description: 'An interface and who listens there.' }),
      )
      .readonly()
      .describe('Every interface that carries the programs, or should.'),
  })
  .openapi('Interfaces', { description: 'Interfaces and who listens there.' });

/** The routes of a configuration, in its order. */
export function routesOf({ config }: ConfigReport): readonly RouteReport[] {
  return config.proxies.flatMap(({ name, sourceRoutes, sniRoutes }) => [
    ...mapsOf(sourceRoutes).map((route) => ({ proxy: String(name), kind: 'source' as const, route })),
    ...mapsOf(sniRoutes).map((route) => ({ proxy: String(name), kind: 'sni' as const, route })),
  ]);
}

/** The proxies that name an interface. */
export function proxiesOn({ name }: InterfaceReport, proxies: ConfigDocument['proxies']): readonly string[] {
  const names = ({ listen }: DocumentMap) =>
    isMap(listen) && Array.isArray(listen.interfaces) && listen.interfaces.includes(name);
  return proxies.filter(names).map((proxy) => String(proxy.name));
}

function mapsOf(value: DocumentValue | undefined): readonly DocumentMap[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

function isMap(value: DocumentValue | undefined): value is DocumentMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
