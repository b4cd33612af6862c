import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AdminApiConfig, formatEndpoint } from '../../config/index.ts';
import { type ErrorCode, SluiceError } from '../../errors/index.ts';

const REASONS: Readonly<Record<string, readonly [code: ErrorCode, why: string, fix: string]>> = {
  EADDRINUSE: [
    'conflict',
    'the port is taken',
    'choose another settings.adminApi.port; `ss -ltnp` shows who has it',
  ],
  EADDRNOTAVAIL: ['not_found', 'this host has no such address', 'choose another settings.adminApi.address'],
  EACCES: ['permission', 'it is not allowed', 'choose a port above 1023'],
};

/** Lets a server listen where the settings say. @throws SluiceError `conflict`, `not_found`, `permission`, `kernel` */
export async function listenOnTcp(server: Server, { address, port }: AdminApiConfig): Promise<void> {
  try {
    server.listen({ host: address, port });
    await once(server, 'listening');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const [kind, why, fix] = REASONS[code] ?? [
      'kernel',
      cause instanceof Error ? cause.message : code,
      undefined,
    ];
    const where = formatEndpoint({ ip: address, port });
    throw new SluiceError(kind, `the admin API cannot listen on ${where}: ${why}`, { fix, cause });
  }
}
