import type { Hono } from 'hono';
import { z } from 'zod';
import { RANGES } from '../config/index.ts';
import { parseBody } from './body.ts';
import type { BalancerView } from './view.ts';

const { min, max } = RANGES.drainTimeoutMs;
const stateBody = z
  .strictObject({
    state: z.enum(['ready', 'drain', 'maintenance']),
    timeoutMs: z.int().min(min).max(max).optional(),
  })
  .refine(({ state, timeoutMs }) => state === 'drain' || timeoutMs === undefined);

/** Path of what operators want of a target; names may hold any character. */
export function statePath(proxy: string, target: string): string {
  return `/v1/targets/${encodeURIComponent(proxy)}/${encodeURIComponent(target)}/state`;
}

/** The routes that drain targets and put them into maintenance. */
export function addStateRoutes(app: Hono, view: BalancerView): void {
  app.get('/v1/drains', async (context) => context.json(await view.drains()));
  app.get('/v1/targets/:proxy/:target/state', async (context) => {
    const { proxy, target } = context.req.param();
    return context.json(await view.targetState(proxy, target));
  });
  app.put('/v1/targets/:proxy/:target/state', async (context) => {
    const { proxy, target } = context.req.param();
    const { state, timeoutMs } = await parseBody(context, stateBody, {
      what: 'the state of a target',
      fix: `send {"state": "ready"}, "maintenance", or "drain" with a "timeoutMs" from ${min} to ${max}`,
    });
    return context.json(await view.setTargetState(proxy, target, state, timeoutMs));
  });
}
