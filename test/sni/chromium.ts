import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../lab/index.ts';

/** How long a page may go on changing, in its own time. */
const PAGE_MS = 10_000;

/** Where a browser looks, and whom it trusts. */
export interface BrowserOptions {
  readonly url: string;
  /** Address that all names have. */
  readonly address: string;
  /** PEM file of the authority that the browser trusts besides its own. */
  readonly authorityFile: string;
}

/**
 * Loads a page in headless Chromium, with a profile of its own, and gives what it has become.
 * @throws SluiceError `kernel` with the browser's words when it ends badly
 */
export async function loadPage(host: Host, options: BrowserOptions): Promise<string> {
  const home = join(host.owner.directory, 'chromium');
  const store = `sql:${join(home, '.pki/nssdb')}`;
  await mkdir(join(home, '.pki/nssdb'), { recursive: true });
  await host.run(['certutil', '-N', '-d', store, '--empty-password']);
  await host.run([...['certutil', '-A', '-d', store, '-n', 'lab', '-t', 'C,,', '-i'], options.authorityFile]);
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${join(home, 'profile')}`,
  ];
  const where = [`--host-resolver-rules=MAP * ${options.address}`, `--virtual-time-budget=${PAGE_MS}`];
  return host.run(['chromium', ...flags, ...where, '--dump-dom', options.url], {
    env: { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
}
