import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatRoute } from '../../dashboard/src/data/route.ts';
import {
  fetchMany,
  httpUrl,
  type Lab,
  type NginxService,
  type OwnedProcess,
  SocketAgent,
  startNginx,
  startTcpEcho,
} from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { ECHO_PORT } from '../support/held.ts';
import { useScene } from '../support/index.ts';
import { Traffic } from '../support/traffic.ts';
import { openWindow, startBrowser, startDashboard, type Window } from './browser.ts';
import { byKeys, focusOf } from './keys.ts';
import { HTTP_PORT, stageConfig } from './stage.ts';

/** How long a page may take to show what is so. */
const SHOWN = { timeout: patienceMs(15_000) };

/** A name that would run a program if it were taken for markup. */
const HOSTILE = '<img src=x onerror=alert(1)>';

/** What axe-core looks at: of long lists only the beginning, which is like the rest. */
const ALL_BUT_REPETITIONS =
  '{ exclude: ["tbody tr:nth-child(n+3)", ".events li:nth-child(n+9)", ".json span"] }';
/** What takes time and finds nothing more: what passes, and a look at style sheets that only media rules need. */
const COSTLESS = 'resultTypes: ["violations"], preload: false';
const VIOLATIONS =
  '({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]))';

const hostileProxy = (lab: Lab) => ({
  name: HOSTILE,
  listen: { interfaces: ['front0'], address: lab.vip4, port: 81 },
  healthCheck: { type: 'none', passive: false },
  defaultTarget: { ip: lab.target(0).v4, port: HTTP_PORT },
});

/** Whether there is another page of connections. */
async function isMore(pager: Locator): Promise<boolean> {
  const [, at, of] = /page (\d+) of (\d+)/.exec((await pager.textContent()) ?? '') ?? [];
  return at !== of;
}

describe('the dashboard in a browser', () => {
  const servers: NginxService[] = [];
  const scene = useScene({ targets: 4, clients: [{}, {}] }, async (opened) => {
    const { lab } = opened;
    servers.push(
      ...(await Promise.all(lab.targets.map((target) => startNginx(target, { port: HTTP_PORT })))),
    );
    await Promise.all(lab.targets.map((target) => startTcpEcho(target)));
    await opened.start(stageConfig(lab, [hostileProxy(lab)]));
  });
  let browser: Browser;
  let server: OwnedProcess;
  let link: string;
  let window: Window;
  let traffic: Traffic;

  beforeAll(async () => {
    browser = await startBrowser();
    ({ link, process: server } = await startDashboard(scene.balancer.adminSocket));
    window = await openWindow(browser);
    window.page.setDefaultTimeout(SHOWN.timeout);
    await window.page.goto(link);
    traffic = new Traffic(scene.lab.client(), httpUrl(scene.lab.vip4));
  });
  afterAll(async () => {
    await traffic.stop();
    await browser.close();
    await server.close();
  });

  const target = (index: number) => `${scene.lab.target(index).v4}:${HTTP_PORT}`;
  const visit = async (title: string) => {
    await window.page.getByRole('link', { name: title, exact: true }).click();
    await window.page.getByRole('heading', { level: 1, name: title }).waitFor();
  };
  const row = (index: number, table = 'Default targets of web') =>
    window.page.getByRole('figure', { name: table }).locator(`[data-target="${target(index)}"]`);
  // What people see: with the breaks between words that are not in the text itself.
  const shows = (place: Locator, text: string | RegExp) =>
    // biome-ignore lint/performance/useDomNodeTextContent: see above
    expect.poll(() => place.innerText(), SHOWN).toMatch(text);

  it('shows on its overview how much goes through, where to, and how it is attached', async () => {
    const { page } = window;
    await page.getByText('Live', { exact: true }).waitFor();
    expect(page.url()).not.toContain('token');
    const tile = (label: string) => page.locator('.tile', { hasText: label });
    await shows(tile('New connections'), /^New connections\n[1-9][\d.,]* \/s/);
    await shows(tile('Throughput'), /\n[\d.]+ [kMG]bit\/s/);
    await shows(tile('Targets in service'), /\n10 of 10\nall of them/);
    const plot = page.getByRole('img', {
      name: /^New connections a second over the last minutes\. opened: now [1-9]/,
    });
    await plot.waitFor();
    await shows(page.getByRole('region', { name: 'Interfaces' }).first(), /front0\s+towards clients\s+TC/);
    await shows(page.locator('.generation'), /^1$/);
  });

  it('tells why a target has no share when it dies, and that it is back', async () => {
    const { page } = window;
    await visit('Proxies');
    await shows(row(2), /ready[\s\S]*20 % of 20 %[\s\S]*as configured/);
    await shows(row(2), /[\d.]+ [um]?s\s+p95 [\d.]+ [um]?s\s+p99 [\d.]+ [um]?s/);
    await servers[2]?.close();
    await shows(row(2), /unhealthy[\s\S]*0 % of 20 %[\s\S]*20 × 0 = 0[\s\S]*Health × 0 /);
    await shows(row(0), /6[23](\.\d)? % of 50 %/);
    await shows(page.locator('p[role=status].hidden'), `Target unhealthy: ${target(2)} of web`);
    await visit('Overview');
    await shows(page.locator('.tile.bad', { hasText: 'Targets in service' }), /9 of 10/);
    servers[2] = await startNginx(scene.lab.target(2), { port: HTTP_PORT });
    await visit('Proxies');
    await shows(row(2), /recovering[\s\S]*Health × 0\.25 recovering|ready/);
  });

  it('drains a target by hand, and counts down the connections that are left', async () => {
    const { page } = window;
    await using agent = new SocketAgent(scene.lab.client(1));
    const conversation = await agent.connect({ address: scene.lab.vip4, port: ECHO_PORT });
    const index = Number((await conversation.line()).replace('target', '')) - 1;
    const echo = page
      .getByRole('figure', { name: 'Default targets of echo' })
      .locator(`[data-target="${scene.lab.target(index).v4}:${ECHO_PORT}"]`);
    await echo.getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('A drain may take').fill('60');
    await dialog.getByRole('button', { name: /^Drain/ }).click();
    await shows(dialog.getByRole('status'), /being drained/);
    await page.keyboard.press('Escape');
    await shows(echo, /draining[\s\S]*1 of 1 left, [\s\S]*0 % of 50 %[\s\S]*Drain × 0/);
    await agent.close();
    await shows(echo, /drained/);
  });

  it('sets weights', async () => {
    const { page } = window;
    await row(0).getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Weight').fill('60');
    await dialog.getByRole('button', { name: 'Set weight' }).click();
    await shows(dialog.getByRole('status'), /its weight is 60/);
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await shows(row(0), /of 60 %/);
  });

  it('finds connections by proxy, client and target, page by page', async () => {
    const { page } = window;
    await using agent = new SocketAgent(scene.lab.client(1));
    await agent.connect({ address: scene.lab.vip4, port: ECHO_PORT });
    await visit('Connections');
    await page.getByLabel('Client').fill(scene.lab.client(1).v4);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const table = page.getByRole('figure', { name: 'Connections' });
    await shows(table, new RegExp(`${scene.lab.client(1).v4}:\\d+\\s+${scene.lab.vip4}:${ECHO_PORT} tcp`));
    await expect
      .poll(async () => new Set(await table.locator('td:nth-child(4)').allInnerTexts()), SHOWN)
      .toEqual(new Set(['echo']));
    await page.getByLabel('Client').fill('nonsense');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await shows(page.getByRole('alert'), /address/);
    window.expected.push(/400/);
    await page.getByRole('link', { name: 'Show all' }).click();
    await fetchMany(scene.lab.client(1), httpUrl(scene.lab.vip4), { count: 60 });
    await page.getByRole('link', { name: 'Next →' }).click();
    await shows(page.getByRole('navigation', { name: 'Pages of connections' }), /page 2 of \d+/);
  });

  it('shows routes, and where a client would go', async () => {
    const { page } = window;
    await visit('Routes');
    await shows(
      page.getByRole('region', { name: 'By the client’s address' }).first(),
      /10\.1\.2\.0\/24\s+web/,
    );
    await shows(page.getByRole('region', { name: /TLS client/ }).first(), /\*\.static\.example\s+shop/);
    await page.getByLabel('Client address').fill('10.1.2.7');
    await page.getByRole('button', { name: 'Trace' }).click();
    await shows(page.locator('.trace'), new RegExp(`balanced[\\s\\S]*${target(3)} with a chance of 100 %`));
  });

  it('shows how the running configuration differs from its file, and reloads', async () => {
    const { page } = window;
    await visit('Configuration');
    const diff = page.getByRole('region', { name: 'Running and file' });
    await shows(diff, new RegExp(`differs from the file[\\s\\S]*change weight of ${target(0)} of proxy web`));
    await page.getByRole('button', { name: 'Reload from the file' }).click();
    await shows(diff, /Reloaded: generation \d+[\s\S]*What runs is what the file says\./);
    await shows(page.locator('.json'), /"name": "web"/);
  });

  it('tells what happened, also by type', async () => {
    const { page } = window;
    await visit('Events');
    const list = page.locator('.events');
    await shows(
      list,
      new RegExp(`Configuration applied[\\s\\S]*Drain ended[\\s\\S]*Target unhealthy\\s+${target(2)}`),
    );
    await page.getByLabel('Type').selectOption('drainStarted');
    await expect.poll(() => list.locator('b').allInnerTexts(), SHOWN).toEqual(['Drain started']);
  });

  it('says why it shows no single connections while statistics are off, and how to turn them on', async () => {
    const { page } = window;
    await page.getByRole('link', { name: /^Connections each/ }).click();
    await shows(page.locator('main'), /Statistics are off[\s\S]*statsEnabled: true[\s\S]*sluice run -s/);
    expect(await page.getByLabel('What').count()).toBe(0);
  });

  it('tells of connections that come and go, by proxy and by how they ended, and stands still when it should', async () => {
    const { page } = window;
    const { lab, balancer } = scene;
    const settings = { statsEnabled: true, closingTimeoutSec: 1 };
    await balancer.reload(stageConfig(lab, [hostileProxy(lab)], settings));
    await page.getByLabel('What').selectOption('fin');
    const isOpen = page.waitForResponse((answer) => /type=flowClosed.*proxy=/.test(answer.url()));
    await page.getByLabel('Proxy').selectOption(HOSTILE);
    await isOpen;
    const told = page.getByText(/ so far$/);
    await shows(told, /^0 so/);
    await fetchMany(lab.client(), httpUrl(lab.vip4, 81), { count: 3 });
    await shows(told, /^3 so/);
    const rows = page.getByRole('figure', { name: 'Connections that came and went' }).locator('tbody tr');
    const line = `fin\\s+${lab.client().v4}:\\d+\\s+${lab.vip4}:81 tcp\\s+${target(0)}\\s+<img [^>]*>\\s+[\\d.]+ m?s\\s+\\d+ B`;
    expect((await rows.allInnerTexts()).map((text) => new RegExp(line).test(text))).toEqual([
      true,
      true,
      true,
    ]);
    await page.getByRole('button', { name: 'Hold' }).click();
    await fetchMany(lab.client(), httpUrl(lab.vip4, 81), { count: 2 });
    await page.getByRole('button', { name: 'Go on (2 new)' }).waitFor();
    expect(await rows.count()).toBe(3);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => rows.count(), SHOWN).toBe(5);
  });

  it('shows names as text, whatever is in them', async () => {
    await visit('Proxies');
    await window.page.getByRole('heading', { name: HOSTILE, exact: true }).waitFor();
    expect(await window.page.locator('main img').count()).toBe(0);
  });

  it('can be read by machines, in light and in dark', async () => {
    const { page } = window;
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    );
    const judged = async (colorScheme: 'light' | 'dark', rules: string) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      return page.evaluate(`axe.run(${ALL_BUT_REPETITIONS}, { ${COSTLESS}, ${rules} }).then(${VIOLATIONS})`);
    };
    for (const title of ['Overview', 'Proxies', 'Connections', 'Routes', 'Events', 'Configuration']) {
      await visit(title);
      expect([title, await judged('light', '')]).toEqual([title, []]);
      // Only colours differ in the dark.
      expect([title, await judged('dark', 'runOnly: ["color-contrast"]')]).toEqual([title, []]);
    }
    await visit('Events');
    await page.getByRole('link', { name: /^Connections each/ }).click();
    await page.getByRole('figure', { name: 'Connections that came and went' }).waitFor();
    expect(await judged('dark', '')).toEqual([]);
  });

  it('can be used by keys alone: where they are is seen, and never lost', async () => {
    const settings = { closingTimeoutSec: 600 };
    await scene.balancer.reload(stageConfig(scene.lab, [hostileProxy(scene.lab)], settings));
    await fetchMany(scene.lab.client(1), httpUrl(scene.lab.vip4), { count: 110 });
    const { page, complaints } = await openWindow(browser);
    const { press, name, go } = byKeys(page);
    await page.goto(new URL(link).origin);
    await expect.poll(name, SHOWN).toBe('Token');
    await page.keyboard.type(link.slice(link.indexOf('=') + 1));
    await press('Enter');
    await expect.poll(name, SHOWN).toBe('Overview');

    await go('Skip to the content');
    await press('Enter');
    expect(await focusOf(page)).toMatchObject({ name: 'Overview', isSeen: true });
    await go('Proxies');
    await press('Enter');
    await expect.poll(name, SHOWN).toBe('Proxies');

    const change = `Change ${target(1)} of web`;
    await go(change);
    await press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const stops = [...(await go(/^Drain /)), ...(await go('Close')), ...(await go(/^Drain /))];
    expect(stops.filter(({ name, isInDialog }) => name !== '' && !isInDialog)).toEqual([]);
    await press('Enter');
    await shows(dialog.getByRole('status'), /being drained/);
    expect(await name()).toMatch(/^Drain /);
    await press('Escape');
    await expect.poll(() => dialog.count(), SHOWN).toBe(0);
    expect(await name()).toBe(change);

    await go('Connections');
    await press('Enter');
    const pager = page.getByRole('navigation', { name: 'Pages of connections' });
    await pager.waitFor();
    await go(/^Client/);
    await page.keyboard.type(scene.lab.client(1).v4);
    await press('Enter');
    await shows(page.locator('.total'), /^110 /);
    expect(await name()).toMatch(/^Client/);
    await go('Next →');
    for (let number = 2; await isMore(pager); number++) {
      await press('Enter');
      await shows(pager, new RegExp(`page ${number} of`));
      expect(await name()).toBe('Next →');
    }
    expect(complaints.filter((text) => !/401/.test(text))).toEqual([]);
  });

  it('keeps what has the focus in its place when rows above it go', async () => {
    const { page } = window;
    const { go } = byKeys(page);
    const ofTwo = httpUrl(scene.lab.vip4, 81);
    await fetchMany(scene.lab.client(1), ofTwo, { count: 110 });
    await fetchMany(scene.lab.client(0), ofTwo, { count: 40 });
    const look = async (query: Record<string, string>, total: RegExp) => {
      const hash = formatRoute({ page: 'connections', query: { proxy: HOSTILE, ...query } });
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await shows(page.locator('.total'), total);
    };
    await look({}, /^150 /);
    await go('Next →');
    // The youngest are on top: those of the first client.
    await look({ client: scene.lab.client(1).v4 }, /^110 /);
    expect(await focusOf(page)).toMatchObject({ name: 'Next →', isSeen: true });
  });

  it('comes back to the last page of connections when there are not as many any more', async () => {
    const { page } = window;
    const { v4 } = scene.lab.client(1);
    const hash = formatRoute({ page: 'connections', query: { proxy: HOSTILE, client: v4, page: '5' } });
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await shows(page.getByRole('navigation', { name: 'Pages of connections' }), /page 3 of 3/);
    await expect.poll(() => page.locator('tbody tr').count(), SHOWN).toBe(10);
  });

  it('says that the daemon is gone, and goes on when it is back', async () => {
    const { page } = window;
    window.expected.push(/503/, /ERR_/);
    await scene.balancer.crash();
    await page.getByText('Reconnecting').waitFor();
    await shows(
      page.locator('.banner'),
      /No answer since .*no daemon answers[\s\S]*the kernel goes on balancing/,
    );
    await scene.balancer.startDaemon();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('wants the token of its link, and no other', async () => {
    const stranger = await openWindow(browser);
    const { page } = stranger;
    await page.goto(new URL(link).origin);
    await page.getByLabel('Token').fill('0123456789abcdef0123456789abcdef');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await shows(page.getByRole('alert'), 'That is not its token.');
    await page.getByLabel('Token').fill(link.slice(link.indexOf('=') + 1));
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(stranger.complaints.filter((text) => !/401/.test(text))).toEqual([]);
  });

  it('had nothing to complain of: no error, no violation of its policy', () => {
    const isExpected = (text: string) => window.expected.some((each) => each.test(text));
    expect(window.complaints.filter((text) => !isExpected(text))).toEqual([]);
  });
});
