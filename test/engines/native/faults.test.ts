import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../model.ts';
import { NativeEngine, type NativeVariant } from '../native.ts';
import {
  CLIENT_V6,
  datagram,
  flowOf,
  LISTENER_V6,
  SAMPLE_STATE,
  SAMPLE_STATE_V6,
  sampleCase,
  syn,
} from './sample.fixture.ts';

/** Faults planted in a copy of the data path, one beside the other: each packet below meets only one of them. */
const FAULTS = [
  {
    file: 'packet.h',
    right: 'return header + size > data_end ? NULL : header;',
    wrong: 'return header;',
  },
  {
    file: 'rewrite_xdp.h',
    right: 'ip->ttl--;',
    wrong: 'ip->ttl -= 1 << ip->ttl;',
  },
  {
    file: 'decide.h',
    right: 'flow_end(table, &p->key, flow);\n\treturn NULL;',
    wrong: 'flow_end(table, &p->key, flow);\n\treturn flow;',
  },
  {
    file: 'rewrite_skb.h',
    right: '&flow->src, 32,\n\t\t\t\t    BPF_F_RECOMPUTE_CSUM)',
    wrong: '&flow->src, 32, 0)',
  },
  {
    file: 'fragment.h',
    right: '__builtin_memset(key, 0, sizeof(*key));',
    wrong: '',
  },
] as const;

const healthy = sampleCase('healthy', [syn(1), syn(2)]);
const udp = datagram(Buffer.alloc(9));
const cut = sampleCase('a frame cut in its IP header', [
  syn(1),
  { ...udp, frame: udp.frame.subarray(0, 15) },
]);
const fragment = sampleCase('a first fragment', [{ ...udp, frame: withMoreFragments(udp.frame) }]);
const reopened = sampleCase('a SYN that reopens', [syn(40_000)], {
  ...SAMPLE_STATE,
  flows: flowOf({ state: 'closing' }),
});

describe('a fault of the data path', () => {
  let folder: string;

  async function lastWords(cases: readonly Case[], variant: NativeVariant = 'sanitized'): Promise<string> {
    const build = { variant, sources: join(folder, 'bpf'), into: join(folder, variant) };
    await using engine = await NativeEngine.open(build);
    const died = await engine.run(cases).then(
      () => 'it lived',
      (error: unknown) => String(error),
    );
    await expect(engine.run([healthy])).rejects.toThrow('native data path ended');
    return died;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-native-'));
    await cp(fileURLToPath(new URL('../../../bpf', import.meta.url)), join(folder, 'bpf'), {
      recursive: true,
    });
    for (const { file, right, wrong } of FAULTS) {
      const path = join(folder, 'bpf', file);
      const text = await readFile(path, 'utf8');
      expect(text).toContain(right);
      await writeFile(path, text.replace(right, wrong));
    }
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('that reads beyond the end of a packet is an error with the words of the address sanitizer', async () => {
    const words = await lastWords([healthy, cut, healthy]);
    expect(words).toContain("case 'a frame cut in its IP header'");
    expect(words).toContain('AddressSanitizer: use-after-poison');
    expect(words).toContain('packet.h');
    expect(words).toContain('in case 2, packet 2');
  });

  it('that is undefined behaviour is an error with the words of its sanitizer', async () => {
    const late = sampleCase('a TTL of 64 at XDP', [syn(1), syn(1, { hook: 'xdp_ingress' })]);
    const words = await lastWords([late]);
    expect(words).toContain("case 'a TTL of 64 at XDP'");
    expect(words).toContain('rewrite_xdp.h');
    expect(words).toContain('runtime error: shift exponent 64');
  });

  it('that uses an entry after it was removed is an error', async () => {
    const words = await lastWords([...Array.from({ length: 500 }, () => healthy), reopened]);
    expect(words).toContain("case 'a SYN that reopens'");
    expect(words).toContain('AddressSanitizer: heap-use-after-free');
    expect(words).toContain('in case 501, packet 1');
  });

  it('that leaves a sum of the hardware behind is told', async () => {
    const addresses = { source: CLIENT_V6, destination: LISTENER_V6 };
    const build = { sources: join(folder, 'bpf'), into: join(folder, 'sanitized') };
    await using engine = await NativeEngine.open(build);
    const [outcomes] = await engine.run([sampleCase('IPv6', [syn(1, {}, addresses)], SAMPLE_STATE_V6)]);
    expect(outcomes).toMatchObject([{ verdict: 'redirect', hardwareChecksum: 'broken' }]);
  });

  it('that uses what it has not written is an error with the words of the memory sanitizer', async () => {
    const words = await lastWords([healthy, fragment], 'uninitialised');
    expect(words).toContain("case 'a first fragment'");
    expect(words).toContain('MemorySanitizer: use-of-uninitialized-value');
    expect(words).toContain('fragment.h');
    expect(words).toContain('in case 2, packet 1');
  });
});

/** RFC 791, 3.1: a bit of the byte behind the identification. */
function withMoreFragments(frame: Uint8Array): Uint8Array {
  const changed = Buffer.from(frame);
  changed.writeUInt8(0x20, 20);
  return changed;
}
