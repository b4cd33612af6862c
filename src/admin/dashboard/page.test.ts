import { describe, expect, it } from 'vitest';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';
import { readAssets } from './assets.ts';
import { isDashboardPath, PAGE_HEADERS } from './page.ts';

const MAX_GZIPPED_BYTES = 60_000;
const decoder = new TextDecoder();

describe('the files of the dashboard', () => {
  const assets = [...readAssets()];

  it('are less than 60 kB, gzipped, in total', () => {
    const total = assets.reduce((sum, [, { gzipped }]) => sum + gzipped.length, 0);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(MAX_GZIPPED_BYTES);
  });

  it('have nothing inline, and load nothing from elsewhere', () => {
    const html = decoder.decode(assets.find(([path]) => path === '/')?.[1].bytes);
    expect(html).not.toMatch(/<style|style=|\son\w+=|javascript:/i);
    expect(html.match(/<script(?![^>]*\ssrc="\.\/assets\/)/g)).toBeNull();
    for (const [path, { bytes }] of assets) {
      const addresses = decoder.decode(bytes).match(/(?<!xmlns=")https?:\/\/[^\s"'`)]+/g) ?? [];
      const loaded = addresses.filter((address) => !address.startsWith('http://www.w3.org/'));
      expect(loaded, path).toEqual([]);
    }
  });

  it('are served with headers that let the page do nothing but its work', async () => {
    const app = createAdminApp(new SampleView());
    for (const [path, { type, bytes, isImmutable }] of assets) {
      const answer = await app.request(path, { headers: { 'accept-encoding': 'gzip, br' } });
      expect(answer.status, path).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        ...PAGE_HEADERS,
        'content-type': type,
        'content-encoding': 'gzip',
        'cache-control': isImmutable ? expect.stringContaining('immutable') : 'no-cache',
      });
      const plain = await app.request(path);
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(new Uint8Array(await plain.arrayBuffer())).toEqual(bytes);
    }
    expect(PAGE_HEADERS['content-security-policy']).toContain("default-src 'self'");
    expect(PAGE_HEADERS['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(PAGE_HEADERS['content-security-policy']).not.toContain('unsafe');
  });

  it('are all that their paths reach', async () => {
    const app = createAdminApp(new SampleView());
    for (const path of [
      '/assets/',
      '/assets/../index.html',
      '/assets/%2e%2e%2findex.html',
      '/assets/none.js',
    ]) {
      expect((await app.request(path)).status, path).toBe(404);
    }
    for (const path of [
      '//',
      '/assets',
      '/assets/',
      '/assets/a/b',
      '/assets/..%2fx',
      '/v1/status',
      '/index.html',
    ]) {
      expect(isDashboardPath(path), path).toBe(false);
    }
  });
});
