import type { AdminClient } from '../../src/admin/index.ts';

/** A look is short, and for few packets of many: it must not disturb, only be there. */
const LOOK = { filter: 'tcp', oneIn: 5, count: 200, durationMs: 2_000 } as const;

/** Looks at packets as they pass, for up to two seconds; returns how many were told. @throws SluiceError when it is refused or cut off */
export async function lookAtPackets(admin: AdminClient): Promise<number> {
  let told = 0;
  for await (const line of await admin.capture(LOOK)) {
    if (line.type === 'end') return told;
    told++;
  }
  throw new Error(`the capture ended after ${told} packets without saying so`);
}
