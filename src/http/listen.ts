import { once } from 'node:events';
import type { Server } from 'node:http';
import { formatEndpoint } from '../config/index.ts';
import { type ErrorCode, SluiceError } from '../errors/index.ts';

/** Where a server listens, and how people call it. */
export interface ListenOptions {
  readonly address: string;
  readonly port: number;
  /** `the admin API`. */
  readonly what: string;
  /** The settings with its address and port, `settings.adminApi`; without: the port comes from elsewhere. */
  readonly settings?: string;
}

type Refusal = readonly [code: ErrorCode, why: string, fix: string | undefined];

/** Lets a server listen where the settings say. @throws SluiceError `conflict`, `not_found`, `permission`, `kernel` */
export async function listenOnTcp(server: Server, options: ListenOptions): Promise<void> {
  const { address, port, what } = options;
  try {
    server.listen({ host: address, port });
    await once(server, 'listening');
  } catch (cause) {
    const [kind, why, fix] = refusalOf(cause, options);
    const where = formatEndpoint({ ip: address, port });
    throw new SluiceError(kind, `${what} cannot listen on ${where}: ${why}`, { fix, cause });
  }
}

function refusalOf(cause: unknown, { settings }: ListenOptions): Refusal {
  const of = settings === undefined ? '' : `${settings}.`;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'EADDRINUSE':
      return ['conflict', 'the port is taken', `choose another ${of}port; \`ss -ltnp\` shows who has it`];
    case 'EADDRNOTAVAIL':
      return ['not_found', 'this host has no such address', `choose another ${of}address`];
    case 'EACCES':
      return ['permission', 'it is not allowed', 'choose a port above 1023'];
    default:
      return ['kernel', cause instanceof Error ? cause.message : code, undefined];
  }
}
