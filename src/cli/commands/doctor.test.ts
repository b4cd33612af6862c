import { describe, expect, it } from 'vitest';
import { systemIo } from '../../host/index.ts';
import { capturedIo } from '../captured-io.fixture.ts';
import { styleFor } from '../format/style.ts';
import { main } from '../main.ts';
import { formatFindings } from './doctor.ts';

const plain = styleFor({ write: () => {}, isTTY: false }, {});

describe('sluice doctor', () => {
  it('puts each fix below its finding and counts at the end', () => {
    expect(
      formatFindings(
        [
          { check: 'kernel', level: 'ok', message: 'Linux 6.1' },
          {
            check: 'bpffs',
            level: 'fail',
            message: 'not mounted',
            fix: 'mount -t bpf -o mode=0700 bpf /sys/fs/bpf',
          },
          { check: 'jit', level: 'warn', message: 'off', fix: 'sysctl' },
        ],
        plain,
      ),
    ).toBe(
      [
        'ok    kernel  Linux 6.1',
        'FAIL  bpffs   not mounted',
        '              fix: mount -t bpf -o mode=0700 bpf /sys/fs/bpf',
        'warn  jit     off',
        '              fix: sysctl',
        '',
        '1 to mend, 1 to look at',
        '',
      ].join('\n'),
    );
  });

  it('examines this host and ends with 1 when something fails', async () => {
    const io = capturedIo({ host: systemIo });
    expect(await main(['doctor', '-i', 'nope0', '-t', '127.0.0.1:8080', '-o', 'json'], io)).toBe(1);
    const report = JSON.parse(io.out());
    expect(report.healthy).toBe(false);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ check: 'interface', level: 'fail', message: 'nope0 does not exist' }),
    );
  });

  it('fails when libbpf cannot be loaded', async () => {
    const io = capturedIo({ host: systemIo, libbpfVersion: () => Promise.reject(new Error('no file')) });
    expect(await main(['doctor'], io)).toBe(1);
    expect(io.out()).toMatch(/^FAIL {2}libbpf .*no file$/m);
  });
});
