import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.fixture.ts';
import { main } from '../main.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-completion-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function script(shell: string): Promise<string> {
  const io = capturedIo();
  expect(await main(['completion', shell], io)).toBe(0);
  return io.out();
}

/** What bash offers at the end of a command line. */
async function offers(...words: string[]): Promise<string[]> {
  const path = join(directory, 'sluice.bash');
  writeFileSync(path, await script('bash'));
  const setUp = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sluice';
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash expands it
  const probe = `${setUp}; ${'printf "%s\\n" "${COMPREPLY[@]}"'}`;
  const output = execFileSync('bash', ['-c', probe, 'bash', path, 'sluice', ...words], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${directory}:${process.env.PATH}` },
  });
  return output.split('\n').filter((line) => line !== '');
}

describe('bash completion', () => {
  it('offers commands', async () => {
    expect(await offers('st')).toEqual(['status', 'stats']);
  });

  it('offers the flags of run when no command is named', async () => {
    expect(await offers('--int')).toEqual(['--interface']);
  });

  it('offers the flags of the command that was named', async () => {
    expect(await offers('connections', '--l')).toEqual(['--limit']);
    expect(await offers('status', '--l')).toEqual([]);
  });

  it('offers the values that an option takes', async () => {
    expect(await offers('status', '-o', '')).toEqual(['table', 'json']);
    expect(await offers('run', '--log-format', 'p')).toEqual(['pretty']);
    expect(await offers('completion', 'f')).toEqual(['fish']);
  });

  it('offers the proxies of the daemon', async () => {
    const path = join(directory, 'sluice');
    writeFileSync(path, '#!/bin/sh\n[ "$*" = "proxies --names" ] && printf "web\\nweb-api\\ndns\\n"\n', {
      mode: 0o755,
    });
    expect(await offers('drain', 'we')).toEqual(['web', 'web-api']);
    expect(await offers('targets', '--proxy', 'd')).toEqual(['dns']);
    rmSync(path);
    expect(await offers('drain', 'we')).toEqual([]);
  });

  it('offers the targets of the proxy that was named, ports and all', async () => {
    const path = join(directory, 'sluice');
    const words = 'targets --names --proxy web';
    writeFileSync(path, `#!/bin/sh\n[ "$*" = "${words}" ] && printf "10.0.0.1:80\\n[fd00::1]:80\\n"\n`, {
      mode: 0o755,
    });
    expect(await offers('drain', 'web', '10')).toEqual(['10.0.0.1:80']);
    expect(await offers('undrain', 'web', '[f')).toEqual(['[fd00::1]:80']);
    expect(await offers('circuit', 'open', 'web', '10.0.0.1:')).toEqual(['10.0.0.1:80']);
    expect(await offers('drain', '--wait', 'web', '10')).toEqual(['10.0.0.1:80']);
    expect(await offers('drain', 'api', '10')).toEqual([]);
    expect(await offers('drain', 'web', '10.0.0.1:80', '1')).toEqual([]);
    rmSync(path);
  });

  it('offers interfaces and files', async () => {
    expect(await offers('run', '-i', 'l')).toContain('lo');
    expect(await offers('run', '-c', 'slu')).toEqual(['sluice.bash']);
    expect(await offers('check', 'slu')).toEqual(['sluice.bash']);
  });
});

describe('zsh and fish completion', () => {
  it('names every command and the values of options', async () => {
    const zsh = await script('zsh');
    expect(zsh).toMatch(/^#compdef sluice\n/);
    expect(zsh).toContain("'doctor:find what keeps");
    expect(zsh).toContain(':value:(table json)');
    const fish = await script('fish');
    expect(fish).toMatch(/__fish_seen_subcommand_from status" -s o -l output .* -r -a 'table json'/);
    expect(fish).toContain('-a doctor -d');
    for (const text of [zsh, fish]) expect(text).toContain('sluice targets --names --proxy');
  });

  it('refuses a shell that it does not know', async () => {
    const io = capturedIo();
    expect(await main(['completion', 'tcsh'], io)).toBe(64);
    expect(io.err()).toContain('bash, zsh, fish');
  });
});
