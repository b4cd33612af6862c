import { type Browser, chromium, type Page } from 'playwright-core';
import { OwnedProcess } from '../../lab/index.ts';
import { SLUICE } from '../support/balancer.ts';

const CHROMIUM = '/usr/bin/chromium';
const READY_MS = 30_000;

/** A page of a browser, and what it complained about. */
export interface Window {
  readonly page: Page;
  /** Errors on the console, uncaught ones, and violations of the page's policy. */
  readonly complaints: readonly string[];
  /** What it may complain of: a browser tells of every answer that is an error. */
  readonly expected: RegExp[];
}

/** Starts a browser without a screen. */
export function startBrowser(): Promise<Browser> {
  // Tests run as root, for whom Chromium has no sandbox; it loads nothing but our own page.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** Opens an empty page that remembers complaints. */
export async function openWindow(
  browser: Browser,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<Window> {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, ...options });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints, expected: [] };
}

/** `sluice dashboard` on this host, and its link. */
export async function startDashboard(
  adminSocket: string,
): Promise<{ readonly link: string; readonly process: OwnedProcess }> {
  const process = new OwnedProcess([SLUICE, 'dashboard', '--admin-socket', adminSocket]);
  const link = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no link: ${process.output}`)), READY_MS);
    process.onStdout(() => {
      clearTimeout(late);
      resolve(process.stdout.trim());
    });
  });
  return { link, process };
}
