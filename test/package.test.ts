import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assertNoLeaks,
  fetchMany,
  httpUrl,
  Lab,
  snapshotKernel,
  startNginx,
  uniqueInstance,
} from '../lab/index.ts';

const exec = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INSTALL_TIMEOUT_MS = 240_000;
/** What is made, and so not in a copy of the sources. */
const MADE = ['.git', 'build', 'dist', 'node_modules'];

/** What a host must have to run the package, besides libbpf; above all no compiler. */
const TOOLS = ['env', 'ethtool', 'ip', 'node', 'nsenter', 'setpriv'] as const;

let folder: string;
/** A copy of the sources, which is built for the package: `dist` here is what other tests run. */
let copy: string;
let command: string;
let installed: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
  const prefix = join(folder, 'prefix');
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  copy = mkdtempSync(join(ROOT, 'build/package-'));
  for (const name of readdirSync(ROOT).filter((each) => !MADE.includes(each)))
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  await exec('cp', ['--archive', '--link', join(ROOT, 'node_modules'), copy]);
  await exec('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: copy });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  const quiet = ['--prefer-offline', '--no-fund', '--no-audit', '--loglevel=error'];
  await exec('npm', ['install', '--global', '--prefix', prefix, ...quiet, join(folder, tarball)], {
    cwd: folder,
    timeout: INSTALL_TIMEOUT_MS,
  });
  command = join(prefix, 'bin/sluice');
  installed = join(prefix, 'lib/node_modules/sluice');
  env = { PATH: await linkTools(join(folder, 'tools')) };
}, INSTALL_TIMEOUT_MS);

afterAll(() => {
  for (const made of [folder, copy]) rmSync(made, { recursive: true, force: true });
});

/** A directory with nothing but links to the tools. */
async function linkTools(directory: string): Promise<string> {
  mkdirSync(directory);
  for (const tool of TOOLS) {
    const { stdout } = await exec('sh', ['-c', `command -v ${tool}`]);
    symlinkSync(stdout.trim(), join(directory, tool));
  }
  return directory;
}

const sluice = (...args: string[]) => exec(command, args, { env, cwd: installed });

describe('the package, installed where there is neither compiler nor source,', () => {
  it('holds what runs and what explains it, and nothing else', () => {
    const top = readdirSync(installed).filter((name) => name !== 'node_modules');
    expect(top.sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'docs', 'examples', 'package.json'].sort(),
    );
    const dist = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(readdirSync(join(installed, 'dist')).sort()).toEqual(['bpf', 'cli', 'dashboard', 'lab', 'src']);
    expect(dist).toContain('bpf/sluice.bpf.o');
    expect(dist).toContain('dashboard/index.html');
    expect(dist.filter((name) => /\.(test|fixture)\.|\.tsbuildinfo|(?<!\.d)\.ts$|\.c$/.test(name))).toEqual(
      [],
    );
  });

  it('says nothing about the machine that built it', () => {
    const dist = join(installed, 'dist');
    const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const telling = files
      .map((each) => join(each.parentPath, each.name))
      .filter((file) => readFileSync(file).includes(ROOT.slice(0, -1)));
    expect(telling).toEqual([]);
  });

  it('shows its version and accepts every example', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect((await sluice('--version')).stdout).toBe(`${version}\n`);
    const examples = readdirSync(join(installed, 'examples')).filter(
      (name) => !['library', 'monitoring'].includes(name),
    );
    expect(examples.length).toBeGreaterThan(5);
    const checks = examples.map((name) => sluice('check', join('examples', name)));
    for (const { stdout } of await Promise.all(checks)) expect(stdout).toMatch(/: ok, \d+ prox/);
  });

  it('balances a request', async () => {
    const before = await snapshotKernel();
    {
      await using lab = await Lab.create({ targets: 1 });
      await startNginx(lab.target(0));
      const own = ['--instance', uniqueInstance('test'), '--admin-socket', join(lab.directory, 'admin.sock')];
      const proxy = ['-i', 'front0', '-p', '80', '-t', `${lab.target(0).v4}:80`, '--detach-on-exit'];
      const daemon = lab.balancer.spawn([command, 'run', ...proxy, ...own], { env, graceMs: 10_000 });
      await expect.poll(() => daemon.output, { timeout: 15_000 }).toContain('"msg":"ready"');
      const { byTarget } = await fetchMany(lab.client(0), httpUrl(lab.vip4), { count: 1 });
      expect(byTarget).toEqual({ target1: 1 });
      daemon.kill('SIGINT');
      expect(await daemon.exited).toBe(0);
    }
    await assertNoLeaks(before);
  });

  it('is a library too', async () => {
    const program = join(folder, 'prefix/lib/program.mjs');
    writeFileSync(program, "import * as sluice from 'sluice';\nconsole.log(Object.keys(sluice).join());\n");
    const { stdout } = await exec(join(env.PATH ?? '', 'node'), [program], { env });
    expect(stdout.trim().split(',')).toEqual(
      expect.arrayContaining(['LoadBalancer', 'AdminClient', 'SluiceError']),
    );
  });
});
