import type { Hono } from 'hono';
import { z } from 'zod';
import { SluiceError } from '../errors/index.ts';
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
    const { status } = parseStatus(await context.req.text());
    await view.setTargetStatus(proxy, target, status);
    return context.json({ status });
  });
}

function parseStatus(text: string): z.infer<typeof statusBody> {
  const parsed = statusBody.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new SluiceError('usage', 'the body is not a status', {
    fix: 'send {"status": "healthy"}, "unhealthy", or "auto" to give the target back to its checks',
  });
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
