import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_HEALTH_CHECK } from '../config/index.ts';
import { readCertificates } from './certificates.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-ca-'));
});
afterAll(() => rm(folder, { recursive: true }));

const specs = (caFile: string, type: 'https' | 'http' = 'https') => [
  {
    proxy: 'web',
    target: 't',
    ip: '127.0.0.1',
    port: 1,
    settings: { ...BUILT_IN_HEALTH_CHECK, type, caFile },
  },
];
const write = async (name: string, text: string) => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};

describe('files of authorities', () => {
  it('are read once each', async () => {
    const [pem = ''] = rootCertificates;
    const file = await write('good.pem', pem);
    const read = await readCertificates([...specs(file), ...specs(file)]);
    expect([...read].map(([path, { pem: text }]) => [path, text])).toEqual([[file, pem]]);
  });

  it('are not looked at where no HTTPS check needs them', async () => {
    expect(await readCertificates(specs('/nowhere.pem', 'http'))).toEqual(new Map());
  });

  it.each([
    ['missing.pem', null, 'file_unreadable'],
    ['text.pem', 'hello', 'config_invalid'],
    ['broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'config_invalid'],
  ])('that cannot be used are refused: %s', async (name, text, code) => {
    const file = text === null ? join(folder, name) : await write(name, text);
    await expect(readCertificates(specs(file))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(file),
    });
  });
});
