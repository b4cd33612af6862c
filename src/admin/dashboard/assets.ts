import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { SluiceError } from '../../errors/index.ts';

/** From `dist/cli`, from `dist/src/admin/dashboard`, and from `src/admin/dashboard` when the sources run as they are. */
const PLACES = ['../dashboard/', '../../../dashboard/', '../../../dist/dashboard/'];
const PAGE = 'index.html';
/** Only what is built has such a folder. */
const ASSETS = 'assets';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** One file of the dashboard, as it is sent. */
export interface Asset {
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  /** Its name changes with its content, so that it may be kept for ever. */
  readonly isImmutable: boolean;
}

/** The files of the dashboard by path: `/` is its page. */
export type Assets = ReadonlyMap<string, Asset>;

/** Where the built dashboard is. @throws SluiceError `internal` when it was never built */
export function dashboardFolder(): string {
  const folders = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const folder = folders.find((each) => existsSync(join(each, ASSETS)));
  if (folder !== undefined) return folder;
  throw new SluiceError('internal', 'the dashboard is not built', { fix: 'npm run setup' });
}

/** Reads the built dashboard. @throws SluiceError `internal` when it was never built */
export function readAssets(folder: string = dashboardFolder()): Assets {
  const names = readdirSync(join(folder, ASSETS));
  return new Map([
    ['/', readAsset(join(folder, PAGE), false)],
    ...names.map((name) => [`/${ASSETS}/${name}`, readAsset(join(folder, ASSETS, name), true)] as const),
  ]);
}

function readAsset(path: string, isImmutable: boolean): Asset {
  const bytes = new Uint8Array(readFileSync(path));
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    bytes,
    gzipped: new Uint8Array(gzipSync(bytes, { level: 9 })),
    isImmutable,
  };
}
