import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CaptureLine } from '../../capture/index.ts';
import { createAdminApp } from '../app.ts';
import { SampleView, sampleCapture } from '../sample-view.fixture.ts';
import { guard, NOBODY } from '../tcp/guard.ts';

const hash = (token: string) => createHash('sha256').update(token).digest();

function ask(app: ReturnType<typeof createAdminApp>, body: unknown, headers: Record<string, string> = {}) {
  return app.request('http://localhost/v1/capture', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('POST /v1/capture', () => {
  it('answers with a line for each packet, and the end', async () => {
    const answer = await ask(createAdminApp(new SampleView()), {});
    expect(answer.headers.get('content-type')).toBe('text/x-ndjson');
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.map((line): CaptureLine => JSON.parse(line))).toEqual(sampleCapture);
  });

  it('ends the capture when its reader leaves', async () => {
    const view = new SampleView();
    let signal: AbortSignal | undefined;
    view.capture = async (_request, given) => {
      signal = given;
      return neverEnding();
    };
    const reader = (await ask(createAdminApp(view), {})).body?.getReader();
    await reader?.read();
    expect(signal?.aborted).toBe(false);
    await reader?.cancel();
    expect(signal?.aborted).toBe(true);
  });

  it.each([
    [{ bytes: 257 }, 'bytes'],
    [{ hooks: ['xdp'] }, 'hooks'],
    [{ colour: 'red' }, 'colour'],
  ])('refuses %j and says where', async (body, where) => {
    const answer = await ask(createAdminApp(new SampleView()), body);
    expect([answer.status, (await answer.text()).includes(where)]).toEqual([400, true]);
  });

  it('shows packets to nobody who may only read', async () => {
    const access = { ...NOBODY, token: hash('all'), readOnlyToken: hash('read') };
    const app = createAdminApp(new SampleView(), { guard: guard(() => access) });
    const statusFor = async (token: string) =>
      (await ask(app, {}, { host: 'localhost', authorization: `Bearer ${token}` })).status;
    expect([await statusFor('read'), await statusFor('none'), await statusFor('all')]).toEqual([
      403, 401, 200,
    ]);
  });
});

async function* neverEnding(): AsyncGenerator<CaptureLine, void> {
  for (;;) yield* sampleCapture.slice(0, 1);
}
