import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAccessLog } from './access-log.ts';

it('counts the records of an access log in all its files, and shows what is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-access-'));
  try {
    const path = join(folder, 'access.log');
    const record = '{"proxy":"web","reason":"fin"}\n';
    writeFileSync(path, record);
    writeFileSync(`${path}.1`, `${record}{"proxy":"we{"proxy":"web","reason":"rst"}\n${record}`);
    writeFileSync(`${path}.2`, '"proxy"\n');
    expect(readAccessLog(path)).toEqual({
      records: 3,
      spoilt: ['{"proxy":"we{"proxy":"web","reason":"rst"}', '"proxy"'],
    });
    expect(readAccessLog(join(folder, 'none'))).toEqual({ records: 0, spoilt: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
