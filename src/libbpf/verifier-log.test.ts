import { describe, expect, it } from 'vitest';
import { readVerifierStatistics, summarizeVerifierLog } from './verifier-log.ts';

const LOG = `0: R1=ctx() R10=fp0
; __u8 *data = (void *)(long)ctx->data; @ rejected.bpf.c:15
0: (61) r1 = *(u32 *)(r1 +0)
; return data[100]; @ rejected.bpf.c:17
1: (71) r0 = *(u8 *)(r1 +100)
invalid access to packet, off=100 size=1, R1(id=0,off=100,r=0)
R1 offset is outside of the packet
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

describe('a verifier log', () => {
  it('is summed up by its last words and the C line before them', () => {
    expect(summarizeVerifierLog(LOG)).toEqual({
      reason: 'R1 offset is outside of the packet',
      source: 'return data[100]; @ rejected.bpf.c:17',
    });
  });

  it('is summed up without line information, and when it is cut off', () => {
    expect(summarizeVerifierLog('unknown func bpf_nonsense#999\n')).toEqual({
      reason: 'unknown func bpf_nonsense#999',
      source: undefined,
    });
  });

  it('is not summed up when it is empty', () => {
    expect(summarizeVerifierLog('\n')).toBeUndefined();
    expect(summarizeVerifierLog('processed 0 insns (limit 1000000)\n')).toBeUndefined();
  });

  it('ends in statistics when they were asked for', () => {
    const statistics = `verification time 52 usec\nstack depth 96+0+16\n${LOG.split('\n').at(-2)}\n`;
    expect(readVerifierStatistics(statistics)).toEqual({ instructions: 2, stackBytes: [96, 0, 16] });
    expect(readVerifierStatistics(LOG)).toBeUndefined();
  });
});
