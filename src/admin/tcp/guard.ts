import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { SluiceError } from '../../errors/index.ts';
import { isDashboardPath } from '../dashboard/page.ts';
import { type Problem, problemResponse, problemWithStatus, toProblem } from '../problem.ts';
import { OpenStreams } from './open-streams.ts';

/** Who may ask what. */
export interface Access {
  /** SHA-256 of the token that may do everything; null for none. */
  readonly token: Buffer | null;
  /** SHA-256 of the one that may read; null for none. */
  readonly readOnlyToken: Buffer | null;
  /** Names by which the server may be called, besides addresses and `localhost`. */
  readonly hosts: readonly string[];
  /** Origins of web pages that may use the API. */
  readonly origins: readonly string[];
}

/** Lets nobody in. */
export const NOBODY: Access = { token: null, readOnlyToken: null, hosts: [], origins: [] };

/** What tells nothing but whether the daemon lives and works: probes have no token. */
const OPEN_PATHS = ['/healthz', '/readyz'];
const READING_METHODS = ['GET', 'HEAD'];
/** Header of answers to a token that may only read. */
const ACCESS_HEADER = 'sluice-access';

/**
 * Lets requests through that come by a name of ours (a page that rebinds its own name to our address comes by another), from no
 * page or one that may (what makes pages of other sites harmless), and with a token.
 * @param access asked for each request, so that tokens may change
 * @param streams gets the answers that go on for long; default: they end with their readers
 */
export function guard(access: () => Access, streams = new OpenStreams()): MiddlewareHandler {
  const withCors = cors({
    origin: (origin) => (access().origins.includes(origin) ? origin : null),
    allowHeaders: [
      'authorization',
      'x-api-key',
      'content-type',
      'if-match',
      'if-none-match',
      'last-event-id',
    ],
    allowMethods: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'],
    exposeHeaders: ['etag', ACCESS_HEADER],
    maxAge: 600,
  });
  return async (context, next) => {
    const rules = access();
    const stranger = strangerProblem(context, rules);
    if (stranger !== null) return problemResponse(stranger);
    return withCors(context, async () => {
      const presented = presentedBy(context);
      const rights = rightsOf(presented, rules);
      const refused = refusedProblem(context, rights);
      if (refused === null) await next();
      else context.res = problemResponse(refused, authenticateHeader(refused));
      const isAllowed = (now: Access) => refusedProblem(context, rightsOf(presented, now)) === null;
      const stream = streams.follow(context.res, isAllowed);
      if (stream !== null) context.res = stream;
      if (rights === 'read') context.res.headers.set(ACCESS_HEADER, 'read');
    });
  };
}

/** The problem of a request by a wrong name, or of a foreign page. The dashboard's own page is none: it came from here. */
function strangerProblem({ req }: Context, { hosts, origins }: Access): Problem | null {
  const host = hostName(req.header('host') ?? '');
  if (isIP(host) === 0 && host !== 'localhost' && !hosts.includes(host)) {
    const error = new SluiceError('permission', 'this server is not called by that name', {
      fix: 'add the name to settings.adminApi.allowedHosts',
    });
    return problemWithStatus(error, 421);
  }
  const origin = req.header('origin');
  if (origin === undefined || origin === new URL(req.url).origin || origins.includes(origin)) return null;
  return toProblem(
    new SluiceError('permission', 'pages of this origin may not use the API', {
      fix: 'add the origin to settings.adminApi.allowedOrigins',
    }),
  );
}

/** SHA-256 of the token of a request. */
function presentedBy({ req }: Context): Buffer {
  return createHash('sha256')
    .update(tokenOf(req.header('authorization'), req.header('x-api-key')))
    .digest();
}

/** What a token lets its bearer do. */
function rightsOf(presented: Buffer, access: Access): 'all' | 'read' | 'none' {
  if (isSecret(presented, access.token)) return 'all';
  return isSecret(presented, access.readOnlyToken) ? 'read' : 'none';
}

/** The problem of a request whose token does not let it do this. */
function refusedProblem({ req }: Context, rights: 'all' | 'read' | 'none'): Problem | null {
  const reads = READING_METHODS.includes(req.method);
  if (rights === 'all' || (rights === 'read' && reads)) return null;
  if (OPEN_PATHS.includes(req.path) || (reads && isDashboardPath(req.path))) return null;
  if (rights === 'read') return toProblem(new SluiceError('permission', 'this token may only read'));
  return toProblem(
    new SluiceError('unauthorized', 'this needs a token', {
      fix: 'send the header authorization: Bearer TOKEN',
    }),
  );
}

/** Compares hashes, in a time that tells nothing of them. */
function isSecret(presented: Buffer, hash: Buffer | null): boolean {
  return hash !== null && timingSafeEqual(presented, hash);
}

function tokenOf(authorization: string | undefined, apiKey: string | undefined): string {
  const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return bearer ?? apiKey ?? '';
}

/** RFC 9110 wants a 401 to say how to authenticate. */
function authenticateHeader({ status }: Problem): Record<string, string> {
  return status === 401 ? { 'www-authenticate': 'Bearer realm="sluice"' } : {};
}

/** `a.example` of `A.example:8081`, `::1` of `[::1]:8081`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(host)?.[1];
  return bracketed ?? host.replace(/:\d+$/, '').toLowerCase();
}
