import { describe, expect, it } from 'vitest';
import { sampleCircuit } from '../../report/sample-reports.fixture.ts';
import { targetPath } from '../api/parameters.ts';
import { createAdminApp } from '../app.ts';
import { SampleView } from '../sample-view.fixture.ts';

async function put(view: SampleView, body: string, proxy = 'web') {
  const answer = await createAdminApp(view).request(targetPath('circuits', proxy, '[fd00::1]:80'), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: answer.status, body: await answer.json() };
}

describe('circuits', () => {
  it('are listed', async () => {
    const answer = await createAdminApp(new SampleView()).request('/v1/circuits');
    expect(await answer.json()).toEqual({ total: 1, circuits: [sampleCircuit] });
    const other = await createAdminApp(new SampleView()).request('/v1/circuits?proxy=other');
    expect(await other.json()).toEqual({ total: 0, circuits: [] });
  });

  it('are set by hand', async () => {
    const view = new SampleView();
    expect(await put(view, '{"state":"open"}')).toMatchObject({
      status: 200,
      body: { target: '[fd00::1]:80', status: 'open' },
    });
    expect(view.asked).toEqual(['circuit web [fd00::1]:80 open']);
    expect(await put(view, '{"state":"open"}', 'none')).toMatchObject({ status: 404 });
  });

  it.each(['', '{}', '{"state":"half-open"}', '{"state":"open","x":1}', '[]'])(
    'are not changed by the body %j, and the answer says what is possible',
    async (body) => {
      const view = new SampleView();
      expect(await put(view, body)).toMatchObject({
        status: 400,
        body: { fix: expect.stringContaining('send {"state": "open"}') },
      });
      expect(view.asked).toEqual([]);
    },
  );
});
