import type { Input } from '../model.ts';

/** Where fields lie in the structs that BPF_PROG_RUN takes (include/uapi/linux/bpf.h). */
const XDP_MD = { size: 24, dataEnd: 4, ingressIfindex: 12 } as const;
const SK_BUFF = { size: 192, ifindex: 40, gsoSegs: 164, gsoSize: 176 } as const;

/** The context of a run: the interface, and at TC what is known of segments. */
export function contextOf({ hook, ifindex, frame, gso }: Input): Buffer {
  if (hook === 'xdp_ingress') {
    const bytes = Buffer.alloc(XDP_MD.size);
    bytes.writeUInt32LE(frame.length, XDP_MD.dataEnd);
    bytes.writeUInt32LE(ifindex, XDP_MD.ingressIfindex);
    return bytes;
  }
  const bytes = Buffer.alloc(SK_BUFF.size);
  bytes.writeUInt32LE(ifindex, SK_BUFF.ifindex);
  bytes.writeUInt32LE(gso?.segments ?? 0, SK_BUFF.gsoSegs);
  bytes.writeUInt32LE(gso?.size ?? 0, SK_BUFF.gsoSize);
  return bytes;
}
