import type { AttachMode } from '../config/index.ts';
import type { HostInterface } from '../host/index.ts';
import type { Facts, Subject } from './facts.ts';
import { effectiveAttach } from './subject.ts';

/** An attach mode after `auto` is decided. */
export type XdpMode = Exclude<AttachMode, 'auto'>;

/** The listening interfaces that exist, each with the mode that it attaches in. */
export function xdpDevices(
  subject: Subject,
  facts: Facts,
): { readonly device: HostInterface; readonly mode: XdpMode }[] {
  return subject.interfaces.flatMap(({ name, attach }) => {
    const device = facts.interfaces.find((entry) => entry.name === name);
    return device === undefined ? [] : [{ device, mode: effectiveAttach(attach, device) }];
  });
}
