import type { RouteConfig } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';
import { renderApiDocs } from './docs.ts';
import { apiDocument } from './document.ts';
import { honoPath, routesOf } from './refuse.ts';

const view = new SampleView();
view.configuration.isFixed = true;
const app = createAdminApp(view);
const document = apiDocument(app);
const routes = routesOf(app);

/** What paths and queries are filled with. */
const SAMPLES: Readonly<Record<string, string>> = {
  proxy: 'web',
  target: '10.0.0.1:8080',
  hostname: 'a.example',
  source: '10.0.0.0/8',
};

/** One target, as in a file. */
const target = { ip: '10.0.0.8', port: 8080 };
const proxy = { name: 'new', listen: { interfaces: ['eth0'], port: 81 }, defaultTarget: target };

/** Bodies that are accepted, by method and path. */
const BODIES: Readonly<Record<string, unknown>> = {
  'put /v1/targets/{proxy}/{target}/state': { state: 'drain' },
  'put /v1/health/{proxy}/{target}/status': { status: 'auto' },
  'put /v1/config': { proxies: [proxy] },
  'post /v1/proxies': proxy,
  'put /v1/proxies/{proxy}': { ...proxy, name: 'web' },
  'post /v1/proxies/{proxy}/targets': target,
  'put /v1/rate-limits/{proxy}': { perSource: { requestsPerSec: 5 } },
  'put /v1/proxies/{proxy}/weights': { weights: { '10.0.0.1:8080': 10 } },
  'post /v1/proxies/{proxy}/source-routes': { source: '192.0.2.0/24', target },
  'put /v1/proxies/{proxy}/source-routes/{source}': { source: '10.0.0.0/8', target },
  'post /v1/proxies/{proxy}/sni-routes': { sniHostname: 'b.example', target },
  'put /v1/proxies/{proxy}/sni-routes/{hostname}': { sniHostname: 'a.example', target },
  'post /v1/interfaces/attach': { interfaces: ['eth2'] },
  'post /v1/interfaces/detach': { interfaces: ['eth1'] },
  'put /v1/log-level': { level: 'debug' },
  'put /v1/circuits/{proxy}/{target}': { state: 'open' },
};

/** Queries that must be there, by path. */
const QUERIES: Readonly<Record<string, string>> = {
  '/v1/trace': '?client=198.51.100.7&destination=192.0.2.2:80',
};

/** What a browser asks for: the dashboard is no part of the API. */
const PAGES: readonly string[] = ['/', '/assets/:name'];

/** Routes whose answer is not one JSON text. */
const STREAMS: readonly string[] = ['get /v1/events', 'get /metrics', 'post /v1/capture'];

describe('the OpenAPI document', () => {
  it('is one of OpenAPI 3.1 and served as it is', async () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Sluice admin API' } });
    const answer = await app.request('/v1/openapi.json');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('is not sent again to who has it', async () => {
    const tag = (await app.request('/v1/openapi.json')).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[0-9a-f]+"$/);
    const again = await app.request('/v1/openapi.json', { headers: { 'if-none-match': `"x", ${tag}` } });
    expect(again.status).toBe(304);
    const other = await app.request('/v1/openapi.json', { headers: { 'if-none-match': '"x"' } });
    expect(other.status).toBe(200);
  });

  it('has every route of the app, and no other', () => {
    const served = app.routes.filter(({ method, path }) => method !== 'ALL' && !PAGES.includes(path));
    const documented = routes.map(({ method, path }) => `${method.toUpperCase()} ${honoPath(path)}`);
    expect(new Set(served.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(documented));
    expect(new Set(documented).size).toBe(documented.length);
  });

  it('says of each route what it does, in whose chapter, and what it answers', () => {
    const silent = routes.filter(({ summary, tags }) => !summary?.endsWith('.') || tags?.length !== 1);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('refers to no schema in a way that demands two things at once', () => {
    // A reference with `.nullable()` becomes this; a union with null is meant.
    expect(JSON.stringify(document)).not.toContain('"allOf"');
  });

  it('describes every schema and every field', () => {
    const schemas = Object.entries(document.components?.schemas ?? {});
    expect(schemas.length).toBeGreaterThan(20);
    expect(schemas.flatMap(([name, schema]) => undescribed(schema, name))).toEqual([]);
    const parameters = Object.values(document.paths ?? {})
      .flatMap((path) => Object.values(path ?? {}))
      .flatMap(
        (operation: { parameters?: { name: string; description?: string }[] }) => operation.parameters ?? [],
      );
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
  });

  it('tells the truth: every route answers with what its schema says', async () => {
    for (const { method, path, responses } of routes) {
      const name = `${method} ${path}`;
      if (STREAMS.includes(name)) continue;
      const answer = await app.request(`${fillIn(path)}${QUERIES[path] ?? ''}`, {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json' },
        ...(name in BODIES ? { body: JSON.stringify(BODIES[name]) } : {}),
      });
      expect(answer.status, name).toBe(200);
      schemaOf(responses[200], name).parse(await answer.json());
    }
  });

  it('docs/api.md is what it says (refresh it with: vitest run --project unit src/admin/api -u)', async () => {
    await expect(renderApiDocs(document)).toMatchFileSnapshot('../../../docs/api.md');
  });
});

function schemaOf(response: RouteConfig['responses'][string] | undefined, route: string): z.ZodType {
  const content = response && 'content' in response ? response.content?.['application/json'] : undefined;
  if (content && 'schema' in content && content.schema instanceof z.ZodType) return content.schema;
  throw new Error(`${route} has no schema of its answer`);
}

function fillIn(path: string): string {
  return path.replaceAll(/\{(.+?)\}/g, (_match, name: string) => encodeURIComponent(SAMPLES[name] ?? ''));
}

/** Schemas and fields without a description, as paths. A reference is described where it leads. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null || '$ref' in schema) return [];
  const own = 'description' in schema ? [] : [path];
  const fields = 'properties' in schema ? Object.entries(schema.properties ?? {}) : [];
  return [...own, ...fields.flatMap(([name, field]) => undescribed(field, `${path}.${name}`))];
}
