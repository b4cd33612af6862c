import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { it } from 'vitest';
import { Traffic } from '../../lab/demo/traffic.ts';
import { Lab, run, startNginx, startTcpEcho, startUdpEcho } from '../../lab/index.ts';
import { Balancer, type BalancerOptions } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { openWindow, startBrowser, startDashboard } from './browser.ts';
import { HTTP_PORT, stageConfig } from './stage.ts';

/** Pictures: which page each is of, and how high it is. */
const PICTURES = {
  overview: ['overview', 1330],
  proxies: ['proxies', 1000],
  connections: ['connections', 860],
  routes: ['routes', 800],
  events: ['events', 660],
  flows: ['events?of=connections', 860],
  config: ['config', 860],
} as const;
/** Traffic runs for so long before the pictures: `WARM_UP_S`, seconds. */
const WARM_UP_S = Number(process.env.WARM_UP_S ?? 100);
const FOLDER = join(fileURLToPath(new URL('../..', import.meta.url)), 'docs/images');

/** Takes a picture of each page, light and dark, of a lab where some things go well and some do not. */
async function takePictures(): Promise<void> {
  await using lab = await Lab.create({ targets: 4, clients: [{ addresses: 8 }, { addresses: 2 }] });
  const servers = await Promise.all(lab.targets.map((target) => startNginx(target, { port: HTTP_PORT })));
  await Promise.all(lab.targets.flatMap((target) => [startTcpEcho(target), startUdpEcho(target)]));
  await using balancer = await Balancer.start(lab, stageConfig(lab, [], { statsEnabled: true }), {
    instance: 'edge-1',
    ...atItsPlace(lab.directory),
  });
  await using browser = await startBrowser();
  const { link, process: server } = await startDashboard(balancer.adminSocket);
  await using _server = server;
  const { page } = await openWindow(browser, { deviceScaleFactor: 1 });
  await page.goto(link);
  const traffic = [
    { proxy: 'web', client: 0, port: 80, workers: 20, holdMs: 400, protocol: 'http' },
    { proxy: 'web', client: 1, port: 80, workers: 4, holdMs: 400, protocol: 'http' },
    { proxy: 'echo', client: 0, port: 7, workers: 4, holdMs: 300, protocol: 'udp' },
  ] as const;
  const clients = traffic.map((each) => new Traffic(lab, { ...each, title: '', targets: [] }));
  await using _held = await Held.open(lab.client(), lab.vip4, 4).catch(() => ({
    [Symbol.asyncDispose]: async () => {},
  }));
  try {
    await sleep(WARM_UP_S * 600);
    await servers[2]?.process.close();
    await balancer.admin.setTargetState('web', `${lab.target(1).v4}:${HTTP_PORT}`, 'drain', 120_000);
    await balancer.admin.configuration.change({
      kind: 'setWeights',
      proxy: 'echo',
      pool: undefined,
      weights: { [`${lab.target(0).v4}:7`]: 70 },
    });
    await sleep(WARM_UP_S * 400);
    await photograph(page);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** The file of the daemon is where that of a service is: in a mount namespace of its own, in which folder is /etc/sluice. */
function atItsPlace(folder: string): Pick<BalancerOptions, 'flags' | 'wrap'> {
  const mounted = [
    'test -d "$0/etc" || cp -a /etc "$0/etc"',
    'mkdir -p "$0/etc/sluice" && mount --bind "$0/etc" /etc',
    'cp "$0"/*.json /etc/sluice/sluice.json',
    'exec "$@"',
  ].join('\n');
  return {
    flags: ['-c', '/etc/sluice/sluice.json'],
    wrap: ['unshare', '--mount', 'sh', '-ec', mounted, folder],
  };
}

async function photograph(page: Page): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [name, [where, height]] of Object.entries(PICTURES)) {
      await page.setViewportSize({ width: 1360, height });
      await page.goto(new URL(`#/${where}`, page.url()).href);
      if (name === 'routes') await trace(page);
      await sleep(2_500);
      const path = join(FOLDER, `dashboard-${name}-${colorScheme}.png`);
      await page.screenshot({ path });
      await run(['pngquant', '--force', '--skip-if-larger', '--output', path, '--', path]);
    }
  }
}

/** Asks where a client of the source route would go. */
async function trace(page: Page): Promise<void> {
  await page.getByLabel('Client address').fill('10.1.2.7');
  await page.getByRole('button', { name: 'Trace' }).click();
}

it('takes a picture of each page, light and dark', takePictures);
