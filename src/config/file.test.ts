import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from './limits.ts';
import { loadConfigFile } from './load.ts';

const VALID =
  '{"proxies": [{"name": "w", "listen": {"interfaces": "eth0", "port": 80}, "defaultTarget": {"ip": "10.0.0.1", "port": 1}}]}';

describe('loadConfigFile', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  it.each(['c.json', 'c.yaml', 'c.YML'])('reads %s in the format of its ending', async (name) => {
    const path = await file(name, VALID);
    const loaded = await loadConfigFile(path);
    expect(loaded.file).toBe(path);
    expect(loaded.config.proxies[0]?.name).toBe('w');
  });

  it('says where in which file a problem is', async () => {
    const path = await file('bad.json', VALID.replace('80', '0'));
    await expect(loadConfigFile(path)).rejects.toMatchObject({
      code: 'config_invalid',
      exitCode: 78,
      message: `${path}: the configuration has one problem`,
      details: [{ where: `${path}:1:69` }],
    });
  });

  it.each([
    ['missing.yaml', 'does not exist'],
    ['.', 'ending that tells no format'],
    ['c.toml', 'ending that tells no format'],
  ])('refuses %s', async (name, message) => {
    await expect(loadConfigFile(join(folder, name))).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining(message),
      fix: expect.any(String),
    });
  });

  it('refuses a directory', async () => {
    const path = join(folder, 'folder.yaml');
    await mkdir(path);
    await expect(loadConfigFile(path)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('is a directory'),
    });
  });

  it('refuses a file that is too large, without reading all of it', async () => {
    const path = await file('large.yaml', '#');
    await truncate(path, MAX_FILE_BYTES + 1);
    await expect(loadConfigFile(path)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('larger than 16 MiB'),
    });
  });

  it('refuses what is not UTF-8', async () => {
    const path = await file('latin1.yaml', Buffer.from([0x61, 0xe9, 0x62]));
    await expect(loadConfigFile(path)).rejects.toMatchObject({
      code: 'config_invalid',
      details: [{ where: path, message: 'the file is not UTF-8 text' }],
    });
  });
});
