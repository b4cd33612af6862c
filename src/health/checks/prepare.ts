import { type HealthCheckConfig, payloadBytes } from '../../config/index.ts';
import type { TcpConnector } from '../../libbpf/index.ts';
import type { Authorities } from '../certificates.ts';
import type { StartCheck } from './attempt.ts';
import { httpCheck, httpsCheck } from './http.ts';
import { tcpCheck } from './tcp.ts';
import { udpCheck } from './udp.ts';

/** What is checked, and how. */
export interface Checked {
  readonly ip: string;
  readonly port: number;
  readonly settings: HealthCheckConfig;
  readonly proxyProtocol?: boolean | undefined;
  /** What is in `settings.caFile`; null without one. */
  readonly authorities: Authorities | null;
  /** What TCP connections are made with. */
  readonly connector: TcpConnector;
}

/** Makes the check that settings describe, ready to be started again and again; null when there is to be none. */
export function prepareCheck(checked: Checked): StartCheck | null {
  const { ip, port, settings, proxyProtocol, authorities, connector } = checked;
  const target = { ip, port, timeoutMs: settings.timeoutMs, proxyProtocol };
  switch (settings.type) {
    case 'none':
      return null;
    case 'tcp':
      return tcpCheck(target, connector);
    case 'http':
      return httpCheck({ ...settings, ...target });
    case 'https':
      return httpsCheck({ ...settings, ...target, context: authorities?.context });
    case 'udp':
      return udpCheck({ ...target, send: bytes(settings.send), expect: bytes(settings.expect) });
  }
}

/** The schema has seen to it that the text can be read. */
function bytes(text = ''): Buffer {
  return payloadBytes(text) ?? Buffer.alloc(0);
}
