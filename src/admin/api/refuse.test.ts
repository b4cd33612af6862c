import { describe, expect, it } from 'vitest';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';

const STATE = '/v1/targets/web/10.0.0.1%3A80/state';

async function ask(path: string, init: RequestInit = {}) {
  const answer = await createAdminApp(new SampleView()).request(path, init);
  return { status: answer.status, type: answer.headers.get('content-type'), problem: await answer.json() };
}

describe('a request that the API cannot use', () => {
  it('is told every field that is wrong, by a pointer', async () => {
    const body = JSON.stringify({ state: 'gone', timeoutMs: 1, 'a/b': 2 });
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect(await ask(STATE, { method: 'PUT', headers, body })).toEqual({
      status: 400,
      type: 'application/problem+json',
      problem: {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        code: 'usage',
        detail: `the body of PUT ${STATE} is not valid`,
        fix: expect.stringMatching(/^send \{"state": "ready"\}/),
        details: [
          { where: 'state', message: expect.stringContaining('"ready"'), pointer: '#/state' },
          { where: 'timeoutMs', message: expect.stringContaining('1000'), pointer: '#/timeoutMs' },
          { where: 'a/b', message: 'there is no such field', pointer: '#/a~1b' },
        ],
      },
    });
  });

  it.each(['', '{', 'drain', '{}{}'])('is told that the body %j is no JSON', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const { status, problem } = await ask(STATE, { method: 'PUT', headers, body });
    expect(status).toBe(400);
    expect(problem).toMatchObject({
      detail: expect.stringMatching(/is not JSON$/),
      fix: expect.stringMatching(/^send \{"state": "ready"\}/),
    });
  });

  it('is told to say that its body is JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const headers = { 'content-type': type };
      const { status, problem } = await ask(STATE, { method: 'PUT', headers, body: '{"state":"ready"}' });
      expect({ status, problem }).toMatchObject({
        status: 415,
        problem: { code: 'usage', fix: 'send the header content-type: application/json' },
      });
    }
  });

  it('is told what a query may have', async () => {
    for (const query of [
      'limit=',
      'limit=1e3',
      'limit=1&limit=2',
      'offset=-1',
      'limit=0x1',
      'constructor=1',
    ]) {
      const { status, problem } = await ask(`/v1/targets?${query}`);
      expect({ query, status, problem }).toMatchObject({
        status: 400,
        problem: {
          fix: 'use proxy, offset, and limit from 0 to 100000',
          details: [{ where: query.split('=')[0] }],
        },
      });
    }
  });
});

describe('a list', () => {
  it('is paged and filtered, and tells how many rows there are', async () => {
    const view = new SampleView();
    const { targets } = await view.targets();
    const [first] = targets;
    if (first === undefined) throw new Error('the sample has no target');
    const rows = ['a', 'b', 'a', 'a'].map((proxy, index) => ({
      ...first,
      proxy,
      target: `10.0.0.${index}:80`,
    }));
    view.targets = async () => ({ targets: rows });
    const app = createAdminApp(view);
    const get = async (query: string) => (await app.request(`/v1/targets${query}`)).json();
    expect(await get('')).toEqual({ total: 4, targets: rows });
    expect(await get('?limit=2&offset=1')).toEqual({ total: 4, targets: rows.slice(1, 3) });
    expect(await get('?proxy=a&limit=1&offset=1')).toEqual({ total: 3, targets: [rows[2]] });
    expect(await get('?limit=0')).toEqual({ total: 4, targets: [] });
    expect(await get('?offset=4')).toEqual({ total: 4, targets: [] });
  });
});

describe('readiness', () => {
  it('is 200, or 503 with the reasons', async () => {
    const view = new SampleView();
    const app = createAdminApp(view);
    const ready = await app.request('/readyz');
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
    view.unready.push('interface eth0 is missing');
    const unready = await app.request('/readyz');
    expect([unready.status, await unready.json()]).toEqual([
      503,
      { ready: false, reasons: ['interface eth0 is missing'] },
    ]);
  });
});
