import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAssets } from '../src/admin/dashboard/assets.ts';

const exec = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

let folder: string;
let deb: string;
let root: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-deb-'));
  root = join(folder, 'root');
  await exec(join(ROOT, 'scripts/package-deb'), [folder]);
  deb = join(folder, readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '');
  await exec('dpkg-deb', ['-x', deb, root]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the installed command, in a folder that has nothing. */
const sluice = (...args: string[]) => exec(join(root, 'usr/bin/sluice'), args, { cwd: folder });

describe('the Debian package', () => {
  it('says what it is, what it needs, and which file is the administrator’s', async () => {
    const field = async (name: string) => (await exec('dpkg-deb', ['-f', deb, name])).stdout.trim();
    expect(await field('Version')).toBe(version);
    expect(await field('Depends')).toMatch(/nodejs \(>= 20\.19\), libbpf1 .*iproute2/);
    const { stdout } = await exec('dpkg-deb', ['--info', deb, 'conffiles']);
    expect(stdout).toBe('/etc/sluice/sluice.yaml.example\n');
    const { stdout: owners } = await exec('dpkg-deb', ['-c', deb]);
    expect(owners.split('\n').filter((line) => line !== '' && !line.includes(' root/root '))).toEqual([]);
  });

  it('has a command that runs, with the kernel programs and the way to libbpf', async () => {
    expect((await sluice('--version')).stdout).toBe(`${version}\n`);
    const example = join(root, 'usr/share/doc/sluice/examples/simple.yaml');
    expect((await sluice('check', example)).stderr).toBe('');
    expect((await sluice('doctor', '-c', example).catch((error) => error)).stdout).toMatch(/libbpf +.*v?1\./);
    expect(existsSync(join(root, 'usr/lib/sluice/dist/bpf/sluice.bpf.o'))).toBe(true);
    const yaml = join(folder, 'sluice.yaml');
    await exec('cp', [join(root, 'etc/sluice/sluice.yaml.example'), yaml]);
    expect((await sluice('check', yaml)).stderr).toBe('');
  });

  it('has the dashboard, where the command looks for it', async () => {
    const folder = join(root, 'usr/lib/sluice/dist/dashboard');
    expect([...readAssets(folder).keys()]).toEqual(expect.arrayContaining(['/']));
    const bundled = readdirSync(join(root, 'usr/lib/sluice/dist/cli')).map((name) =>
      readFileSync(join(root, 'usr/lib/sluice/dist/cli', name), 'utf8'),
    );
    expect(bundled.some((text) => text.includes('"../dashboard/"'))).toBe(true);
  });

  it('has a history in the form of Debian, besides that of the project', async () => {
    const doc = join(root, 'usr/share/doc/sluice');
    const { stdout } = await exec('zcat', [join(doc, 'changelog.gz')]);
    expect(stdout.split('\n')[0]).toBe(`sluice (${version}) unstable; urgency=medium`);
    expect(stdout).toMatch(/\n {2}\* .*\n\n -- .+ <.+@.+> {2}\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000\n$/);
    expect((await exec('zcat', [join(doc, 'CHANGELOG.md.gz')])).stdout).toMatch(/^# Changelog/);
  });

  it('brings the unit, the manual page and the completions of three shells', async () => {
    const unit = readFileSync(join(root, 'lib/systemd/system/sluice.service'), 'utf8');
    expect(unit).toContain('ExecStart=/usr/bin/sluice run --config /etc/sluice/sluice.yaml');
    const page = await exec('zcat', [join(root, 'usr/share/man/man8/sluice.8.gz')]);
    expect(page.stdout).toContain('.SS sluice top [options]');
    const bash = join(root, 'usr/share/bash-completion/completions/sluice');
    expect((await exec('bash', ['-c', `source ${bash} && complete -p sluice`])).stdout).toContain('_sluice');
    expect(readFileSync(join(root, 'usr/share/zsh/vendor-completions/_sluice'), 'utf8')).toMatch(
      /^#compdef sluice/,
    );
    expect(readFileSync(join(root, 'usr/share/fish/vendor_completions.d/sluice.fish'), 'utf8')).toContain(
      '-a top',
    );
  });

  it('has scripts that the shell can read and that do nothing where systemd does not run', async () => {
    await exec('dpkg-deb', ['-e', deb, join(folder, 'control')]);
    for (const [script, argument] of [
      ['postinst', 'configure'],
      ['prerm', 'upgrade'],
      ['postrm', 'purge'],
    ] as const) {
      const path = join(folder, 'control', script);
      expect(await exec(path, [argument]), script).toEqual({ stdout: '', stderr: '' });
    }
  });

  it('says nothing about the machine that built it', async () => {
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const telling = files.filter((each) =>
      readFileSync(join(each.parentPath, each.name)).includes(ROOT.slice(0, -1)),
    );
    expect(telling.map(({ name }) => name)).toEqual([]);
  });
});
