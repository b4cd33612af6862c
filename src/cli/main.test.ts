import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.fixture.ts';
import { main } from './main.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function run(argv: readonly string[], overrides: Parameters<typeof capturedIo>[0] = {}) {
  const io = capturedIo({ cwd: directory, ...overrides });
  const status = await main(argv, io);
  return { status, out: io.out(), err: io.err() };
}

describe('sluice', () => {
  it('shows its version', async () => {
    const { status, out } = await run(['--version']);
    expect(status).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('shows help with every command', async () => {
    const { status, out, err } = await run(['--help']);
    expect(status).toBe(0);
    expect(err).toBe('');
    for (const name of 'run check schema status connections stats detach doctor demo completion'.split(' ')) {
      expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
  });

  it('shows the original flags in the help of run', async () => {
    const { out } = await run(['run', '-h']);
    for (const flag of [
      '-c, --config',
      '-i, --interface',
      '-p, --port',
      '-t, --target',
      '-s, --stats',
      '-v, --verbose',
    ]) {
      expect(out).toContain(flag);
    }
  });

  it('guesses what a mistyped command was meant to be', async () => {
    const { status, err } = await run(['stauts']);
    expect(status).toBe(64);
    expect(err).toBe('sluice: there is no command "stauts"\nfix: did you mean: sluice status\n');
  });

  it('does not guess when nothing is near', async () => {
    expect((await run(['frobnicate'])).err).toContain('fix: see: sluice --help');
  });

  it.each([
    { argv: ['run', '--confg', 'x'], message: "unknown option '--confg'", fix: 'Did you mean --config?' },
    {
      argv: ['-i', 'eth0', '-p', '65536'],
      message: 'whole number from 1 to 65535',
      fix: 'see: sluice --help',
    },
    { argv: ['check'], message: "missing required argument 'file'", fix: 'see: sluice check --help' },
    {
      argv: ['status', '-o', 'xml'],
      message: 'Allowed choices are table, json',
      fix: 'see: sluice status --help',
    },
    {
      argv: ['status', '--instance', '../etc'],
      message: '1 to 32 letters',
      fix: 'see: sluice status --help',
    },
    { argv: ['-p', '80'], message: 'no interface to listen on', fix: 'sluice run -i eth0 -p 80' },
    {
      argv: ['-c', 'a.yaml', '-i', 'eth0'],
      message: 'exclude each other',
      fix: 'put the proxy into the file',
    },
    { argv: ['run'], message: 'nothing to balance', fix: 'sluice run -c FILE' },
  ])('refuses $argv with status 64 and a fix', async ({ argv, message, fix }) => {
    const { status, out, err } = await run(argv);
    expect(status).toBe(64);
    expect(out).toBe('');
    expect(err).toMatch(/^sluice: /);
    expect(err).toContain(message);
    expect(err).toMatch(new RegExp(`^fix: .*${fix.replace('?', '\\?')}`, 'm'));
  });

  it('keeps the stack of an unexpected error for -v', async () => {
    const broken = { loadDemo: () => Promise.reject(new TypeError('lab is broken')) };
    const short = await run(['demo'], broken);
    expect(short.status).toBe(70);
    expect(short.err).toBe(
      'sluice: unexpected error: lab is broken\nfix: run again with -v to see where it came from\n',
    );
    expect((await run(['demo', '-v'], broken)).err).toMatch(/caused by: TypeError: lab is broken\n +at /);
  });
});

describe('colours', () => {
  const tty = (env: Record<string, string>) => {
    let err = '';
    const stderr = {
      isTTY: true,
      write: (text: string) => {
        err += text;
      },
    };
    return main(['nonsense'], capturedIo({ stderr, env })).then(() => err);
  };

  it('are used on a terminal', async () => {
    expect(await tty({})).toContain('\u001b[31msluice:');
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('are not used with %j', async (env) => {
    expect(await tty(env)).not.toContain('\u001b');
  });
});

describe('sluice check', () => {
  const good =
    'proxies:\n  - name: web\n    listen: { interfaces: [lo], port: 80 }\n    defaultTarget: { ip: 10.0.0.1, port: 8080 }\n';

  it('says ok for a good file', async () => {
    await writeFile(join(directory, 'good.yaml'), good);
    expect(await run(['check', 'good.yaml'])).toEqual({
      status: 0,
      out: 'good.yaml: ok, 1 proxy, 1 target\n',
      err: '',
    });
  });

  it('shows every error with file, line and column, and ends with 78', async () => {
    await writeFile(
      join(directory, 'bad.yaml'),
      good.replace('port: 80 ', 'port: 99999 ').replace('ip:', 'ipp:'),
    );
    const { status, out, err } = await run(['check', 'bad.yaml']);
    expect(status).toBe(78);
    expect(out).toBe('');
    expect(err).toMatch(/bad\.yaml:3:\d+: .*99999/);
    expect(err).toMatch(/bad\.yaml:4:\d+: /);
  });

  it('gives the same errors as JSON on standard output', async () => {
    await writeFile(join(directory, 'bad.yaml'), good.replace('port: 80 ', 'port: 99999 '));
    const { status, out, err } = await run(['check', 'bad.yaml', '-o', 'json']);
    expect(status).toBe(78);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      errors: [{ where: expect.stringMatching(/bad\.yaml:3:\d+$/), message: expect.any(String) }],
    });
  });

  it('ends with 66 for a file that is not there', async () => {
    const { status, err } = await run(['check', 'missing.yaml', '-o', 'json']);
    expect(status).toBe(66);
    expect(err).toContain('missing.yaml');
  });
});

describe('sluice schema', () => {
  it('prints a draft-07 JSON Schema', async () => {
    const { status, out } = await run(['schema']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ $schema: expect.stringContaining('draft-07') });
  });
});

describe('sluice demo', () => {
  it('ends the demo at the first Ctrl-C and the process at the second', async () => {
    const io = capturedIo({
      loadDemo: async () => ({
        runDemo: async ({ seconds, signal, stdout }) => {
          stdout(`for ${seconds} seconds\n`);
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          io.signal('SIGINT');
        },
      }),
    });
    const ended = main(['demo', '--seconds', '30'], io);
    await expect.poll(() => io.out()).toBe('for 30 seconds\n');
    io.signal('SIGINT');
    expect(await ended).toBe(0);
    expect(io.exits).toEqual([130]);
    expect(io.signal('SIGINT')).toBe(false);
  });
});
