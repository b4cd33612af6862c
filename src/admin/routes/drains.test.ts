import { describe, expect, it } from 'vitest';
import { sampleDrain } from '../../report/sample-reports.fixture.ts';
import { targetPath } from '../api/parameters.ts';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';

const PATH = `${targetPath('targets', 'web', '[fd00::1]:80')}/state`;

async function put(view: SampleView, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await createAdminApp(view).request(PATH, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  return { status: answer.status, body: await answer.json() };
}

describe('the state of a target', () => {
  it('is changed and told', async () => {
    const view = new SampleView();
    expect(await put(view, { state: 'drain', timeoutMs: 60_000 })).toEqual({
      status: 200,
      body: { proxy: 'web', target: '[fd00::1]:80', state: 'drain', drain: sampleDrain },
    });
    expect(view.timeouts).toEqual([60_000]);
    const answer = await createAdminApp(view).request(PATH);
    expect(await answer.json()).toMatchObject({ state: 'drain' });
    const drains = await createAdminApp(view).request('/v1/drains');
    expect(await drains.json()).toEqual({ total: 1, drains: [sampleDrain] });
  });

  it.each([
    '',
    'drain',
    '{"state":"gone"}',
    '{"state":"drain","timeoutMs":1}',
    '{"state":"drain","timeout":5000}',
    '{"state":"ready","timeoutMs":5000}',
    '[]',
  ])('is not changed by the body %j, and the answer says what is possible', async (body) => {
    const view = new SampleView();
    expect(await put(view, body)).toMatchObject({
      status: 400,
      body: { fix: expect.stringContaining('send {"state": "ready"}'), details: expect.anything() },
    });
    expect(view.states.size).toBe(0);
  });
});
