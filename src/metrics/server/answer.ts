import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SluiceError } from '../../errors/index.ts';
import { METRICS_TYPE } from '../render.ts';

/** What answers are made of. */
export interface AnswerOptions {
  /** The one path that has metrics. */
  readonly path: string;
  readonly collect: () => Promise<string>;
}

const METHODS = ['GET', 'HEAD'];
const PLAIN = 'text/plain; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Answers one request: the metrics, or why not. @throws what `collect` throws, after it is answered */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: AnswerOptions,
): Promise<void> {
  const refused = refusal(request, options.path);
  if (refused !== null) return send(request, response, refused);
  try {
    send(request, response, await metricsAnswer(request, await options.collect()));
  } catch (error) {
    send(request, response, failure(error));
    throw error;
  }
}

function refusal({ method = '', url = '' }: IncomingMessage, path: string): Answer | null {
  if (url !== path && url.replace(/\?.*/, '') !== path) return text(404, `metrics are at ${path}`);
  if (METHODS.includes(method)) return null;
  return text(405, 'metrics are only read', { allow: METHODS.join(', ') });
}

function failure(error: unknown): Answer {
  const isStarting = error instanceof SluiceError && error.code === 'unreachable';
  const why = error instanceof Error ? error.message : String(error);
  return text(isStarting ? 503 : 500, `the metrics cannot be read: ${why}`);
}

async function metricsAnswer({ headers }: IncomingMessage, metrics: string): Promise<Answer> {
  const plain = Buffer.from(metrics);
  const type = { 'content-type': METRICS_TYPE, vary: 'accept-encoding' };
  if (!acceptsGzip(headers['accept-encoding'])) return { status: 200, headers: type, body: plain };
  return {
    status: 200,
    headers: { ...type, 'content-encoding': 'gzip' },
    body: await promisify(gzip)(plain),
  };
}

/** RFC 9110, 12.5.3; whoever names gzip with a weight of 0 does not want it. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = [header ?? []].flat().join(',').split(',');
  const gzipped = codings.find((coding) => /^\s*(x-)?gzip\s*(;|$)/i.test(coding));
  return gzipped !== undefined && !/;\s*q=0(\.0*)?\s*$/i.test(gzipped);
}

function text(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': PLAIN, ...headers }, body: Buffer.from(`${message}\n`) };
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  response.writeHead(status, { ...headers, 'content-length': body.length, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : body);
}
