import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { added, assertNoLeaks, type KernelSnapshot, snapshotKernel } from '../../lab/index.ts';
import { capturedIo } from '../../src/cli/captured-io.fixture.ts';
import { main } from '../../src/cli/main.ts';
import { SLUICE } from '../support/balancer.ts';

const GOOD = `proxies:
  - name: web
    listen: {interfaces: [lo], port: 80}
    defaultTarget: {ip: 10.0.0.1, port: 8080}
`;
const SECOND = GOOD.replace('proxies:\n', '');
const POOL = '{ip: 10.0.0.1, port: 8080}';
const ROUTE = '    sourceRoutes: [{source: SOURCE, target: {ip: 10.0.0.9, port: 80}}]\n';

/** A file that is wrong in one way, and what must be said about it first: `line:column: path: what`. */
interface BadFile {
  readonly what: string;
  readonly text: string;
  readonly ending?: 'yaml' | 'json' | 'edn';
  readonly said: string | readonly string[];
}

const BAD_FILES: readonly BadFile[] = [
  {
    what: 'a misspelt key',
    text: GOOD.replace('port: 8080', 'prot: 8080'),
    said: '4:35: proxies[0].defaultTarget.prot: unknown key; did you mean `port`?',
  },
  {
    what: 'a misspelt setting',
    text: `${GOOD}settings:\n  conectionTimeoutSec: 5\n`,
    said: '6:3: settings.conectionTimeoutSec: unknown key; did you mean `connectionTimeoutSec`?',
  },
  {
    what: 'a misspelt value',
    text: `${GOOD}settings: {attach: nativ}\n`,
    said: '5:20: settings.attach: found "nativ", expected "auto", "native", "generic", "tc" or a map from interface to one of these; did you mean "native"?',
  },
  {
    what: 'a port out of range',
    text: GOOD.replace('80}', '65536}'),
    said: '3:38: proxies[0].listen.port: found 65536, expected an integer from 1 to 65535',
  },
  {
    what: 'a port that is no number',
    text: GOOD.replace('80}', 'http}'),
    said: '3:38: proxies[0].listen.port: found "http", expected an integer from 1 to 65535',
  },
  {
    what: 'an octal-looking address',
    text: GOOD.replace('10.0.0.1', '10.0.0.010'),
    said: '4:25: proxies[0].defaultTarget.ip: found "10.0.0.010", expected an IPv4 or IPv6 address; a leading zero may mean octal; write 10.0.0.10',
  },
  {
    what: 'an address that no host has',
    text: GOOD.replace('10.0.0.1', '224.0.0.1'),
    said: '4:25: proxies[0].defaultTarget.ip: found "224.0.0.1", expected an IPv4 or IPv6 address; 224.0.0.1 is a multicast address, not the address of one host',
  },
  {
    what: 'a prefix length that does not exist',
    text: GOOD + ROUTE.replace('SOURCE', '10.0.0.0/33'),
    said: '5:29: proxies[0].sourceRoutes[0].source: found "10.0.0.0/33", expected an IPv4 or IPv6 address or CIDR; the prefix length of IPv4 is a number from 0 to 32',
  },
  {
    what: 'weights with another sum than 100',
    text: GOOD.replace(POOL, '[{ip: 10.0.0.1, port: 1, weight: 50}, {ip: 10.0.0.2, port: 1, weight: 40}]'),
    said: '4:20: proxies[0].defaultTarget: the weights sum to 90 (50 + 40), expected exactly 100',
  },
  {
    what: 'weights for some targets only',
    text: GOOD.replace(POOL, '[{ip: 10.0.0.1, port: 1, weight: 50}, {ip: 10.0.0.2, port: 1}]'),
    said: '4:58: proxies[0].defaultTarget[1]: has no `weight`, but 1 of the 2 targets',
  },
  {
    what: 'targets of both families in one pool',
    text: GOOD.replace(POOL, '[{ip: 10.0.0.1, port: 1}, {ip: "fd00::1", port: 1}]'),
    said: '4:46: proxies[0].defaultTarget[1]: is an IPv6 target in a pool of IPv4 targets, expected one family per pool',
  },
  {
    what: 'two proxies of one name',
    text: GOOD + SECOND.replace('80}', '81}'),
    said: '5:11: proxies[1].name: the name "web" is taken by FILE:2:11; names are unique',
  },
  {
    what: 'two listeners on one address, port and protocol',
    text: GOOD + SECOND.replace('web', 'web2'),
    said: '6:13: proxies[1].listen: interface lo, port 80, tcp is taken by "web": FILE:3:13',
  },
  {
    what: 'no place to listen',
    text: GOOD.replace('interfaces: [lo], ', ''),
    said: '3:13: proxies[0].listen: names neither `interfaces` nor `address`, expected at least one of them',
  },
  {
    what: 'an unknown protocol',
    text: GOOD.replace('80}', '80, protocol: sctp}'),
    said: '3:52: proxies[0].listen.protocol: found "sctp", expected "tcp", "udp", "both" or a list of "tcp" and "udp"',
  },
  {
    what: 'an unknown mode',
    text: `${GOOD}    mode: nta\n`,
    said: '5:11: proxies[0].mode: found "nta", expected "nat" or "snat"; did you mean "nat"?',
  },
  {
    what: 'no proxy',
    text: 'proxies: []\n',
    said: '1:10: proxies: found an empty list, expected a list of one or more proxies',
  },
  { what: 'nothing', text: '', said: '1:1: there is nothing in it, expected a map with "proxies"' },
  { what: 'a list', text: '- a\n', said: '1:1: found a list, expected a map with `proxies` and `settings`' },
  {
    what: 'a key that is there twice',
    text: `${GOOD}proxies: []\n`,
    said: '5:1: the key "proxies" is here twice; first: FILE:1:1',
  },
  {
    what: 'broken YAML',
    text: 'proxies:\n\t- name: web\n',
    said: '2:1: Tabs are not allowed as indentation',
  },
  {
    what: 'broken JSON',
    ending: 'json',
    text: '{"proxies": [,]}',
    said: '1:14: found ",", expected a value',
  },
  { what: 'broken EDN', ending: 'edn', text: '{:proxies [}', said: '1:12: found "}", expected "]"' },
  {
    what: 'an EDN file with a port out of range',
    ending: 'edn',
    text: '{:proxies [{:name "web" :listen {:interfaces ["lo"] :port 99999}\n :default-target {:ip "10.0.0.1" :port 8080}}]}',
    said: '1:59: proxies[0].listen.port: found 99999, expected an integer from 1 to 65535',
  },
  {
    what: 'a JSON file with a misspelt key',
    ending: 'json',
    text: '{"proxies": [{"name": "web", "listen": {"interface": ["lo"], "port": 80},\n"defaultTarget": {"ip": "10.0.0.1", "port": 80}}]}',
    said: '1:41: proxies[0].listen.interface: unknown key; did you mean `interfaces`?',
  },
  {
    what: 'several things at once, all of them',
    text: GOOD.replace('port: 80}', 'port: 0}').replace('10.0.0.1', '10.0.0.256').replace('name', 'nmae'),
    said: [
      '2:5: proxies[0].nmae: unknown key; did you mean `name`?',
      '3:38: proxies[0].listen.port: found 0, expected an integer from 1 to 65535',
      '4:25: proxies[0].defaultTarget.ip: found "10.0.0.256", expected an IPv4 or IPv6 address; each of the four numbers is from 0 to 255',
    ],
  },
];

let folder: string;
let before: KernelSnapshot;
beforeAll(async () => {
  before = await snapshotKernel();
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await assertNoLeaks(before);
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function sluice(...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(SLUICE, args, { cwd: folder, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

/** The same without a process of its own, which starts no faster for each of many files. */
async function sluiceHere(...args: string[]): Promise<Outcome> {
  const io = capturedIo();
  const code = await main(args, io);
  return { code, stdout: io.out(), stderr: io.err() };
}

describe('sluice check refuses a file with', () => {
  it.each(BAD_FILES.map((bad, index) => ({ ...bad, index })))(
    '$what',
    async ({ text, ending, said, index }) => {
      const file = join(folder, write(`bad-${index}.${ending ?? 'yaml'}`, text));
      const { code, stdout, stderr } = await sluiceHere('check', file);
      expect(code).toBe(78);
      expect(stdout).toBe('');
      for (const each of [said].flat()) expect(stderr).toContain(`  ${file}:${each.replace('FILE', file)}`);
      expect(stderr).toMatch(new RegExp(`^sluice: ${file}: the configuration has (one|\\d) problems?\n`));
      expect(stderr).toMatch(/\nfix: .+\n$/);
    },
  );
});

describe('sluice check', () => {
  it('is the same as a process of its own', async () => {
    const file = join(folder, write('several.yaml', BAD_FILES.at(-1)?.text ?? ''));
    expect(await sluice('check', file)).toEqual(await sluiceHere('check', file));
  });

  it('accepts a good file with one line, and warns of host bits in a source', async () => {
    expect(await sluice('check', write('good.yaml', GOOD))).toEqual({
      code: 0,
      stdout: 'good.yaml: ok, 1 proxy, 1 target\n',
      stderr: '',
    });
    const warned = await sluice('check', write('bits.yaml', GOOD + ROUTE.replace('SOURCE', '10.1.2.3/8')));
    expect(warned).toMatchObject({ code: 0, stderr: '' });
    expect(warned.stdout).toBe(
      'warning: bits.yaml:5:29: proxies[0].sourceRoutes[0].source: 10.1.2.3/8 has bits set behind its prefix length; ' +
        'it is read as 10.0.0.0/8\nbits.yaml: ok, 1 proxy, 2 targets\n',
    );
  });

  it('tells programs the same', async () => {
    const good = await sluice('check', write('good.yaml', GOOD), '-o', 'json');
    expect(JSON.parse(good.stdout)).toEqual({ valid: true, errors: [], warnings: [] });
    const bad = await sluice('check', write('bad.yaml', GOOD.replace('80}', '0}')), '-o', 'json');
    expect({ code: bad.code, stderr: bad.stderr }).toEqual({ code: 78, stderr: '' });
    expect(JSON.parse(bad.stdout)).toEqual({
      valid: false,
      errors: [
        {
          where: 'bad.yaml:3:38',
          message: 'proxies[0].listen.port: found 0, expected an integer from 1 to 65535',
        },
      ],
      warnings: [],
    });
  });

  it('says when there is no such file, or none that it could read', async () => {
    const missing = await sluice('check', 'missing.yaml');
    expect(missing.code).toBe(66);
    expect(missing.stderr).toMatch(/^sluice: missing\.yaml does not exist\nfix: /);
    const other = await sluice('check', write('sluice.toml', GOOD));
    expect(other.code).toBe(66);
    expect(other.stderr).toContain('.yaml .yml .json .edn');
  });
});

describe('sluice run', () => {
  it('refuses a bad file with the same words, before it touches the kernel', async () => {
    const file = write('run.yaml', GOOD.replace('80}', '0}'));
    const kernel = await snapshotKernel();
    const [checked, run] = [await sluice('check', file), await sluice('run', '-c', join(folder, file))];
    expect(run).toEqual({ ...checked, stderr: checked.stderr.replaceAll(file, join(folder, file)) });
    const made = added(kernel, await snapshotKernel());
    expect(made.filter((each) => each.startsWith('pins') && each.includes('/default'))).toEqual([]);
  });
});
