import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * The rooms of `src/` and what each may import, besides itself, Node and npm packages. This is the picture in
 * ARCHITECTURE.md as a table: whoever adds an edge here changes the architecture, and should say so there.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  libbpf: [],
  config: ['errors'],
  host: ['errors'],
  clock: [],
  events: [],
  units: [],
  http: ['config', 'errors'],
  metrics: ['http', 'report', 'config', 'errors'],
  'access-log': ['events', 'clock'],
  dns: ['clock', 'errors'],
  drain: ['report', 'clock', 'errors'],
  circuit: ['report', 'weights', 'clock', 'config'],
  report: ['config'],
  capture: ['config', 'errors'],
  weights: [],
  health: ['report', 'weights', 'clock', 'config', 'libbpf', 'errors'],
  datapath: ['libbpf', 'capture', 'config', 'errors'],
  control: [
    'events',
    'metrics',
    'access-log',
    'capture',
    'drain',
    'circuit',
    'datapath',
    'health',
    'weights',
    'dns',
    'clock',
    'host',
    'config',
    'report',
    'errors',
  ],
  doctor: ['host', 'config', 'errors'],
  admin: ['http', 'capture', 'metrics', 'events', 'report', 'config', 'errors'],
  cli: [
    'capture',
    'metrics',
    'events',
    'admin',
    'control',
    'doctor',
    'datapath',
    'host',
    'config',
    'report',
    'units',
    'errors',
  ],
  library: ['capture', 'metrics', 'admin', 'control', 'events', 'config', 'report', 'errors'],
  index: [
    'library',
    'capture',
    'metrics',
    'admin',
    'control',
    'events',
    'health',
    'config',
    'report',
    'errors',
  ],
};

/** npm packages that only some rooms may know. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  koffi: ['libbpf'],
  'prom-client': ['metrics'],
  commander: ['cli'],
  'cli-table3': ['cli'],
  picocolors: ['cli'],
  'string-width': ['cli'],
  'pino-pretty': ['cli'],
  hono: ['admin'],
  '@hono/node-server': ['admin'],
  '@hono/zod-openapi': ['admin'],
};

/** The one thing outside of `src/` that is used from there: `sluice demo`. */
const DEMO = 'src/cli/io.ts imports lab/demo/index.ts';
const MAX_LINES = 350;

/** `import` and `export ... from`, also of types, and `import()`. */
const IMPORT =
  /^(?:import|export)\b(?<type> type)?[^;']*?\bfrom '(?<from>[^']+)'|\bimport\('(?<dynamic>[^']+)'\)/gm;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const sources = ['src', 'dashboard', 'lab', 'bench', 'soak', 'scripts'].flatMap((folder) => [
  ...filesBelow(folder, '.ts'),
  ...filesBelow(folder, '.tsx'),
]);
const isTest = (file: string) => /\.(test|fixture)\.ts$|\/testing\//.test(file);
const shipped = sources.filter((file) => !isTest(file));

interface Import {
  readonly from: string;
  /** A file of the repository, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const imports = shipped.flatMap(importsOf);
const internal = imports.filter(({ to }) => /\.tsx?$/.test(to));

describe('the architecture', () => {
  it('has no import between rooms that is not in the table', () => {
    const edges = internal
      .map(({ from, to }) => ({ from: roomOf(from), to: roomOf(to), file: from }))
      .filter(({ from, to }) => from !== null && to !== null && from !== to);
    const forbidden = edges.filter(({ from, to }) => !ROOMS[from ?? '']?.includes(to ?? ''));
    expect(forbidden.map(({ from, to, file }) => `${from} -> ${to}: ${file}`)).toEqual([]);
  });

  it('has no edge in the table that nothing uses, and no room that is not in it', () => {
    const used = new Set(internal.map(({ from, to }) => `${roomOf(from)} -> ${roomOf(to)}`));
    const listed = Object.entries(ROOMS).flatMap(([from, list]) => list.map((to) => `${from} -> ${to}`));
    expect(listed.filter((edge) => !used.has(edge))).toEqual([]);
    const rooms = new Set(shipped.flatMap((file) => roomOf(file) ?? []));
    expect([...rooms].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  it('has layers: imports between rooms make no circle', () => {
    expect(circles(new Map(Object.entries(ROOMS)))).toEqual([]);
  });

  it('has no circle of files either, types aside', () => {
    const graph = new Map(shipped.map((file): [string, string[]] => [file, []]));
    for (const { from, to, typeOnly } of internal)
      if (!typeOnly && from.startsWith('src/')) graph.get(from)?.push(to);
    expect(circles(graph)).toEqual([]);
  });

  it('is entered by index.ts only: every room has one, and it only re-exports', () => {
    const entries = Object.keys(ROOMS).map((room) =>
      room === 'index' ? 'src/index.ts' : `src/${room}/index.ts`,
    );
    expect(entries.filter((entry) => !shipped.includes(entry))).toEqual([]);
    expect(entries.filter((entry) => !onlyReExports(entry))).toEqual([]);
    const trespassing = internal.filter(
      ({ from, to }) => to.startsWith('src/') && roomOf(from) !== roomOf(to) && !entries.includes(to),
    );
    expect(trespassing.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('has a page that knows of the balancer nothing but types and units: it runs in a browser', () => {
    const known = internal.filter(({ from, to }) => from.startsWith('dashboard/') && to.startsWith('src/'));
    expect(known.length).toBeGreaterThan(5);
    expect(known.filter(({ to, typeOnly }) => !typeOnly && to !== 'src/units/index.ts')).toEqual([]);
  });

  it('stands without the lab, the bench and the soak', () => {
    const outside = internal.filter(({ from, to }) => from.startsWith('src/') && !to.startsWith('src/'));
    expect(outside.map(({ from, to }) => `${from} imports ${to}`)).toEqual([DEMO]);
  });

  it('keeps npm packages where they belong', () => {
    const ofRooms = imports.filter(({ from }) => roomOf(from) !== null);
    const strays = ofRooms.filter(({ from, to }) => PACKAGES[to]?.includes(roomOf(from) ?? '') === false);
    expect(strays.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('has nothing in what is shipped that is made for tests', () => {
    const wrong = internal.filter(({ to }) => isTest(to));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const all = [...shipped, ...filesBelow('bpf', '.h'), ...filesBelow('bpf', '.c')];
    const long = all.filter(
      (file) => !file.includes('/generated/') && read(file).split('\n').length > MAX_LINES + 1,
    );
    expect(long).toEqual([]);
  });
});

/** `config` for `src/config/...`, `index` for `src/index.ts`, null outside of src. */
function roomOf(file: string): string | null {
  return /^src\/([^/.]+)/.exec(file)?.[1] ?? null;
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function filesBelow(folder: string, ending: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  return [...read(file).matchAll(IMPORT)].map(({ groups = {} }) => {
    const specifier = groups.from ?? groups.dynamic ?? '';
    const to = specifier.startsWith('.') ? join(dirname(file), specifier) : packageName(specifier);
    return { from: file, to, typeOnly: groups.type !== undefined };
  });
}

function packageName(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

function onlyReExports(file: string): boolean {
  const code = read(file).replace(/\/\*[\s\S]*?\*\//g, '');
  return code.replace(/^export (type )?(\*|\{[^}]*\}) from '[^']+';$/gm, '').trim() === '';
}

/** Every circle that a walk along the edges finds, as `a -> b -> a`. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]) => {
    if (path.includes(node))
      found.push([...path.slice(path.indexOf(node)), node].map((each) => basename(each)).join(' -> '));
    if (done.has(node)) return;
    done.add(node);
    for (const next of graph.get(node) ?? []) walk(next, [...path, node]);
  };
  for (const node of graph.keys()) walk(node, []);
  return found;
}
