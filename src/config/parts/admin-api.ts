import { isLoopback } from '../address.ts';
import type { AdminApiConfig } from '../model.ts';
import type { Report } from '../report/report.ts';
import { type AdminApiInput, adminApiSchema } from '../schema/admin-api.ts';
import { secretHash } from '../secret.ts';
import type { Path } from '../source/tree.ts';

const PATH: Path = ['settings', 'adminApi'];
const TOKENS = ['token', 'tokenFile', 'tokenSha256', 'apiKey'] as const;
const READ_ONLY_TOKENS = ['readOnlyToken', 'readOnlyTokenFile', 'readOnlyTokenSha256'] as const;

/** The settings of the admin API, without its secrets: only their hashes stay. */
export function adminApiOf(input: AdminApiInput): AdminApiConfig {
  const { enabled, address, port, tokenFile, readOnlyTokenFile, tls, insecure } = input;
  const tokenSha256 = hashOf(input.token ?? input.apiKey, input.tokenSha256);
  const readOnlyTokenSha256 = hashOf(input.readOnlyToken, input.readOnlyTokenSha256);
  return {
    enabled,
    address,
    port,
    ...(tokenSha256 !== undefined && { tokenSha256 }),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(readOnlyTokenSha256 !== undefined && { readOnlyTokenSha256 }),
    ...(readOnlyTokenFile !== undefined && { readOnlyTokenFile }),
    ...(tls !== undefined && { tls }),
    insecure,
    allowedHosts: input.allowedHosts.map((host) => host.toLowerCase()),
    allowedOrigins: input.allowedOrigins ?? [],
  };
}

/** Checks what no field can tell alone; what the schema refuses is left to it. */
export function checkAdminApi(raw: unknown, report: Report): void {
  const parsed = adminApiSchema.safeParse(raw ?? {});
  if (!parsed.success) return;
  const input = parsed.data;
  for (const names of [TOKENS, READ_ONLY_TOKENS]) refuseSeveral(input, names, report);
  if (!input.enabled) return;
  if (givenOf(input, TOKENS).length === 0) {
    report.problem(
      PATH,
      'has no `token`; expected `token`, `tokenFile` or `tokenSha256`, as others can reach TCP ports',
    );
  }
  if (isLoopback(input.address) || input.tls !== undefined) return;
  if (input.insecure) {
    report.warning(
      [...PATH, 'insecure'],
      'whoever can listen in between clients and this server has their token',
    );
  } else {
    report.problem(
      [...PATH, 'address'],
      `${input.address} can be reached by others; expected \`tls\`, or \`insecure: true\` where nobody can listen in`,
    );
  }
}

function refuseSeveral(input: AdminApiInput, names: readonly (keyof AdminApiInput)[], report: Report): void {
  const [first, second] = givenOf(input, names);
  if (first === undefined || second === undefined) return;
  report.problem([...PATH, second], `there is a \`${first}\` already; expected one of them`);
}

function givenOf(input: AdminApiInput, names: readonly (keyof AdminApiInput)[]): string[] {
  return names.filter((name) => input[name] !== undefined && input[name] !== null);
}

function hashOf(secret: string | null | undefined, sha256: string | undefined): string | undefined {
  return secret ? secretHash(secret) : sha256?.toLowerCase();
}
