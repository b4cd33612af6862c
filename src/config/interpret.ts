import type { Config, Settings } from './model.ts';
import { warnNotInEffect } from './not-in-effect.ts';
import { checkAdminApi } from './parts/admin-api.ts';
import { readProxy } from './parts/proxy.ts';
import { isRecord, itemsOf } from './parts/raw.ts';
import { readSettings } from './parts/settings.ts';
import { type InterfaceUse, interfaceUses } from './queries.ts';
import { reportIssues } from './report/issues.ts';
import type { Report } from './report/report.ts';
import { listenerConflicts } from './rules/listeners.ts';
import { warnOfTcpChecks } from './rules/udp-checks.ts';
import { checkNamesDiffer } from './rules/unique.ts';
import { configSchema } from './schema/config.ts';
import type { ProxyInput } from './schema/proxy.ts';

/** A configuration and where it names interfaces. */
export interface Interpreted {
  readonly config: Config;
  readonly interfaces: readonly InterfaceUse[];
}

/** Makes a configuration of plain values. The result counts only if `report` has got no problem. */
export function interpretConfig(raw: unknown, report: Report): Interpreted {
  const whole = configSchema.safeParse(raw);
  if (!whole.success) reportIssues(raw, [], whole.error.issues, report);
  const map = isRecord(raw) ? raw : {};
  const settings = readSettings(map.settings);
  if (isRecord(map.settings)) checkAdminApi(map.settings.adminApi, report);
  const proxies = readProxies(map.proxies, whole.data?.proxies, settings, report);
  warnNotInEffect(raw, report);
  return { config: { proxies, settings }, interfaces: interfaceUses(raw, report) };
}

/** @param valid the proxies as the schema takes them, where it takes the whole */
function readProxies(
  raw: unknown,
  valid: readonly ProxyInput[] | undefined,
  settings: Settings,
  report: Report,
): Config['proxies'] {
  const { healthCheckDefaults, rateLimits, circuitBreaker, loadBalancing } = settings;
  const { algorithm } = loadBalancing;
  const context = { report, healthCheckDefaults, rateLimits, circuitBreaker, algorithm };
  const read = itemsOf(raw).map((proxy, index) =>
    readProxy(proxy, ['proxies', index], context, valid?.[index]),
  );
  checkNamesDiffer(
    read.map(({ path, name }) => ({ path, matches: name })),
    report,
  );
  for (const { first, second, shared } of listenerConflicts(read.map(({ listen }) => listen))) {
    const where = report.whereIs(['proxies', first, 'listen']);
    const name = read[first]?.name;
    report.problem(
      ['proxies', second, 'listen'],
      `${shared} is taken by ${name === undefined ? 'another proxy' : `"${name}"`}: ${where}`,
    );
  }
  if (settings.healthCheckEnabled) {
    for (const { proxy, path } of read) if (proxy !== undefined) warnOfTcpChecks(proxy, path, report);
  }
  return read.flatMap(({ proxy }) => proxy ?? []);
}
