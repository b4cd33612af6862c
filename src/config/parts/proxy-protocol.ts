import type { ProxyProtocol } from '../model.ts';
import { proxyProtocol as schema } from '../schema/proxy-protocol.ts';
import { isRecord } from './raw.ts';

const SCHEMA = schema('none');

/**
 * Reads whether a proxy, a route or a target has the PROXY protocol; undefined is none. What the schema refuses is
 * reported elsewhere.
 * @param inherited what it has when it says nothing
 */
export function readProxyProtocol(
  raw: unknown,
  inherited: ProxyProtocol | undefined,
): ProxyProtocol | undefined {
  const { data } = SCHEMA.safeParse(isRecord(raw) ? raw.proxyProtocol : undefined);
  return data === undefined ? inherited : data === 'none' ? undefined : data;
}
