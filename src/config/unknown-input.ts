import type * as z from 'zod';
import { jsonPointer, SluiceError } from '../errors/index.ts';
import { interpretConfig } from './interpret.ts';
import { MAX_DEPTH } from './limits.ts';
import type { LoadedConfig } from './load.ts';
import type {
  LoadBalancingConfig,
  ProxyConfig,
  ProxyProtocol,
  RateLimitsConfig,
  Settings,
  SniRouteConfig,
  SourceRouteConfig,
  TargetConfig,
} from './model.ts';
import { warnNotInEffectIn } from './not-in-effect.ts';
import { readPool } from './parts/pool.ts';
import { readProxy } from './parts/proxy.ts';
import { readProxyRateLimits } from './parts/rate-limits.ts';
import { readSniRoute, readSourceRoute } from './parts/routes.ts';
import type { TargetContext } from './parts/target.ts';
import { reportIssues } from './report/issues.ts';
import { type ConfigWarning, createReport, type Findings, inOrder } from './report/report.ts';
import { proxySchema, sniRouteSchema, sourceRouteSchema } from './schema/proxy.ts';
import { proxyRateLimitsSchema } from './schema/rate-limits.ts';
import { targetsSchema } from './schema/target.ts';
import { objectPlaces } from './source/places.ts';

/** A part of a configuration that came as an object, e.g. in a request. */
export interface ParsedPart<Part> {
  readonly value: Part;
  readonly warnings: readonly ConfigWarning[];
}

/** What a part needs of the configuration that it will join. */
export interface PartContext extends Pick<Settings, 'healthCheckDefaults'> {
  readonly rateLimits: RateLimitsConfig;
  /** How a part chooses targets that does not say it; a route has that of its proxy. */
  readonly loadBalancing: Pick<LoadBalancingConfig, 'algorithm'>;
  /** The header of targets that do not say whether they get one. */
  readonly proxyProtocol?: ProxyProtocol | undefined;
}

/**
 * Reads a whole configuration.
 * @throws SluiceError `config_invalid` with every problem; `where` is the path in the object, `pointer` leads there
 */
export function parseConfigObject(input: unknown): LoadedConfig {
  const findings: Findings = { problems: [], warnings: [] };
  mustBeShallow('configuration', input);
  const read = interpretConfig(input, createReport(objectPlaces('configuration'), findings));
  if (findings.problems.length > 0) {
    const details = inOrder(findings.problems);
    throw new SluiceError('config_invalid', 'this is not a valid configuration', { details });
  }
  return { ...read, warnings: inOrder(findings.warnings), file: null };
}

/** Reads one proxy. @throws SluiceError `config_invalid` with every problem; `where` is the path in the object. */
export function parseProxy(
  input: unknown,
  settings: PartContext & Pick<Settings, 'circuitBreaker'>,
): ParsedPart<ProxyConfig> {
  const { circuitBreaker } = settings;
  return parsePart(
    'proxy',
    input,
    proxySchema,
    settings,
    (context) => readProxy(input, [], { ...context, circuitBreaker }).proxy,
  );
}

/** Reads one source route. @throws SluiceError `config_invalid`, see {@link parseProxy}. */
export function parseSourceRoute(input: unknown, settings: PartContext): ParsedPart<SourceRouteConfig> {
  return parsePart(
    'source route',
    input,
    sourceRouteSchema,
    settings,
    (context) => readSourceRoute(input, [], context).route,
  );
}

/** Reads one SNI route. @throws SluiceError `config_invalid`, see {@link parseProxy}. */
export function parseSniRoute(input: unknown, settings: PartContext): ParsedPart<SniRouteConfig> {
  return parsePart(
    'SNI route',
    input,
    sniRouteSchema,
    settings,
    (context) => readSniRoute(input, [], context).route,
  );
}

/** Reads one target or a list of targets. @throws SluiceError `config_invalid`, see {@link parseProxy}. */
export function parseTargets(input: unknown, settings: PartContext): ParsedPart<readonly TargetConfig[]> {
  return parsePart(
    'list of targets',
    input,
    targetsSchema,
    settings,
    (context) => readPool(input, [], context).targets,
  );
}

/** Reads the limits of a proxy. @throws SluiceError `config_invalid`, see {@link parseProxy}. */
export function parseRateLimits(input: unknown, settings: PartContext): ParsedPart<RateLimitsConfig> {
  return parsePart('map of rate limits', input, proxyRateLimitsSchema, settings, (context) =>
    readProxyRateLimits(input, context.rateLimits),
  );
}

function parsePart<Part>(
  what: string,
  input: unknown,
  schema: z.ZodType,
  settings: PartContext,
  read: (context: TargetContext) => Part | undefined,
): ParsedPart<Part> {
  const findings: Findings = { problems: [], warnings: [] };
  const report = createReport(objectPlaces(what), findings);
  mustBeShallow(what, input);
  const whole = schema.safeParse(input);
  if (!whole.success) reportIssues(input, [], whole.error.issues, report);
  const { loadBalancing, ...inherited } = settings;
  const value = read({ ...inherited, report, algorithm: loadBalancing.algorithm });
  if (findings.problems.length > 0 || value === undefined) {
    throw new SluiceError('config_invalid', `this is not a valid ${what}`, {
      details: inOrder(findings.problems),
    });
  }
  warnNotInEffectIn(input, [], report);
  return { value, warnings: inOrder(findings.warnings) };
}

/** Readers recurse, and a request may bring whatever it likes. */
function mustBeShallow(what: string, input: unknown): void {
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      const message = `nested more than ${MAX_DEPTH} levels deep`;
      throw new SluiceError('config_invalid', `this is not a valid ${what}`, {
        details: [{ where: what, message, pointer: jsonPointer([]) }],
      });
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}
