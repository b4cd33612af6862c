import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { describe, expect, it } from 'vitest';
import { showState, wantedStates } from './etag.ts';

const app = new Hono();
app.get('/thing', etag(), (context) => {
  showState(context, 'abc');
  return context.json({ thing: 1 });
});
app.put('/thing', (context) => {
  const wanted = wantedStates(context);
  return context.json({ done: true }, wanted === undefined || wanted.includes('abc') ? 200 : 412);
});

describe('the state of a thing', () => {
  it('is told as a strong tag, and not sent again to who has it', async () => {
    const first = await app.request('/thing');
    expect(first.headers.get('etag')).toBe('"abc"');
    const again = await app.request('/thing', { headers: { 'if-none-match': '"zzz", "abc"' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await app.request('/thing', { headers: { 'if-none-match': '"zzz"' } })).status).toBe(200);
  });

  it.each([
    [undefined, 200],
    ['*', 200],
    ['"abc"', 200],
    ['"zzz" , "abc"', 200],
    ['"zzz"', 412],
    ['W/"abc"', 412],
    ['abc', 412],
    ['', 412],
  ])('lets a change with If-Match %j through or not: %i', async (tag, status) => {
    const headers = tag === undefined ? {} : { 'if-match': tag };
    const answer = await app.request('/thing', { method: 'PUT', headers });
    expect(answer.status).toBe(status);
  });
});
