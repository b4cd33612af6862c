import type { Problem } from '../../../src/admin/index.ts';
import type { Session } from './session.ts';

/** The daemon, or what stands between, said no. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** What to do about it. */
  readonly fix: string | undefined;

  constructor(status: number, message: string, fix?: string) {
    super(message);
    this.status = status;
    this.fix = fix;
  }
}

/** Asks the daemon that the page came from. */
export interface Client {
  /** @throws ApiError of the daemon; TypeError when nothing answers */
  readonly get: <Answer>(path: string, signal?: AbortSignal) => Promise<Answer>;
  readonly change: <Answer>(method: 'PUT' | 'POST', path: string, body?: object) => Promise<Answer>;
  /** The head of an answer whose body goes on. */
  readonly open: (path: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;
}

/** A client that uses the token of a session. Paths are relative to the page. */
export function createClient({ token, readOnly }: Session): Client {
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const bearer = token.value === null ? {} : { authorization: `Bearer ${token.value}` };
    const answer = await fetch(path, { ...init, cache: 'no-store', headers: { ...init.headers, ...bearer } });
    if (!answer.ok) throw await refused(answer);
    readOnly.value = answer.headers.get('sluice-access') === 'read';
    return answer;
  };
  return {
    get: async <Answer>(path: string, signal?: AbortSignal) =>
      (await (await send(path, { signal: signal ?? null })).json()) as Answer,
    change: async <Answer>(method: 'PUT' | 'POST', path: string, body?: object) => {
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      return (await (await send(path, { method, headers, ...content })).json()) as Answer;
    },
    open: (path, headers, signal) => send(path, { headers, signal }),
  };
}

/** Words of the path of something of a target; names may hold any character. */
export function targetPath(prefix: string, proxy: string, target: string): string {
  return `v1/${prefix}/${encodeURIComponent(proxy)}/${encodeURIComponent(target)}`;
}

async function refused(answer: Response): Promise<ApiError> {
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  const details = (problem.details ?? []).map(({ where, message }) => `${where}: ${message}`);
  const message = [problem.detail ?? `${answer.status} ${answer.statusText}`, ...details].join('\n');
  return new ApiError(answer.status, message, problem.fix);
}
