import type { Context, Hono } from 'hono';
import { type Asset, type Assets, readAssets } from './assets.ts';

/**
 * What the page may do: run its own files, and speak with the server that it came from. Nothing inline, nothing from
 * elsewhere, no text that becomes markup (`trusted-types`), and no place in the frame of another page.
 */
const POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The headers of every file of the dashboard. */
export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

const FOR_EVER = 'public, max-age=31536000, immutable';
const ASSET_PATH = /^\/assets\/[\w.-]+$/;

/** Whether a path is that of a file of the dashboard. They hold no secrets: anybody may load them. */
export function isDashboardPath(path: string): boolean {
  return path === '/' || ASSET_PATH.test(path);
}

/** Serves the files of the dashboard. They are read when the first is asked for. */
export function addDashboard(app: Pick<Hono, 'get'>): void {
  let read: Assets | undefined;
  const serve = (context: Context) => {
    read ??= readAssets();
    const asset = read.get(context.req.path);
    return asset === undefined ? context.notFound() : answer(context, asset);
  };
  app.get('/', serve);
  app.get('/assets/:name', serve);
}

function answer({ req }: Context, asset: Asset): Response {
  const isGzip = /\bgzip\b/.test(req.header('accept-encoding') ?? '');
  return new Response(isGzip ? asset.gzipped : asset.bytes, {
    headers: {
      ...PAGE_HEADERS,
      'content-type': asset.type,
      'cache-control': asset.isImmutable ? FOR_EVER : 'no-cache',
      vary: 'accept-encoding',
      ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
    },
  });
}
