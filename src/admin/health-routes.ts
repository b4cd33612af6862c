import type { Hono } from 'hono';
import { z } from 'zod';
import { parseBody } from './body.ts';
import type { BalancerView } from './view.ts';

const statusBody = z.strictObject({ status: z.enum(['healthy', 'unhealthy', 'auto']) });

/** Path of a target's health; names may hold any character. */
export function healthPath(proxy: string, target: string): string {
  return `/v1/health/${encodeURIComponent(proxy)}/${encodeURIComponent(target)}`;
}

/** The routes that read the health of targets and change it by hand. */
export function addHealthRoutes(app: Hono, view: BalancerView): void {
  app.get('/v1/health', async (context) => context.json(await view.health()));
  app.get('/v1/health/:proxy', async (context) =>
    context.json(await view.health(context.req.param('proxy'))),
  );
  app.post('/v1/health/:proxy/:target/check', async (context) => {
    const { proxy, target } = context.req.param();
    return context.json(await view.forceCheck(proxy, target));
  });
  app.put('/v1/health/:proxy/:target/status', async (context) => {
    const { proxy, target } = context.req.param();
    const { status } = await parseBody(context, statusBody, {
      what: 'a status',
      fix: 'send {"status": "healthy"}, "unhealthy", or "auto" to give the target back to its checks',
    });
    await view.setTargetStatus(proxy, target, status);
    return context.json({ status });
  });
}
