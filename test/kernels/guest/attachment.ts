import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SLUICE } from '../../support/balancer.ts';
import { readPinned } from '../../support/pinned.ts';
import { expectEqual, expectThat } from './expect.ts';
import type { GuestScene } from './scene.ts';

const doctorReport = z.object({
  healthy: z.boolean(),
  findings: z.array(z.object({ check: z.string(), level: z.string(), message: z.string() })),
});
const status = z.object({ interfaces: z.array(z.object({ name: z.string(), mode: z.string() })) });

/** `sluice doctor` with the configuration that will run. */
export async function checkDoctor({ lab, config }: GuestScene): Promise<string> {
  const file = join(lab.directory, 'doctor.json');
  await writeFile(file, JSON.stringify(config));
  const { stdout, stderr } = await lab.balancer.exec([SLUICE, 'doctor', '-c', file, '-o', 'json']);
  expectThat(stdout.startsWith('{'), `doctor said: ${stdout}${stderr}`);
  const { healthy, findings } = doctorReport.parse(JSON.parse(stdout));
  const bad = findings.filter(({ level }) => level === 'fail').map(({ message }) => message);
  expectEqual('doctor', { healthy, bad }, { healthy: true, bad: [] });
  const kernel = findings.find((finding) => finding.check === 'kernel')?.message;
  if (kernel === undefined) throw new Error('doctor does not speak of the kernel');
  return kernel;
}

/** A real start: all programs pass this kernel's verifier, and hang where they should. */
export async function checkAttached(scene: GuestScene): Promise<string> {
  const balancer = await scene.start();
  const { programs, links } = readPinned(balancer.instance);
  expectEqual('programs', Object.keys(programs), ['sweep', 'tc_egress', 'tc_ingress', 'xdp_ingress']);
  const { code, stdout, stderr } = await balancer.sluice('status', '-o', 'json');
  expectThat(code === 0, `sluice status failed: ${stderr}`);
  expectModes(status.parse(JSON.parse(stdout)), 'tc');
  return Object.keys(links).length > 0 ? 'TCX links' : 'clsact filters';
}

/** The way of hanging on interfaces is changed while it runs. */
export async function checkNative(scene: GuestScene): Promise<string> {
  await scene.goNative();
  expectModes(await scene.balancer.admin.status(), 'native');
  const { links } = readPinned(scene.balancer.instance);
  const xdp = Object.keys(links).filter((name) => name.endsWith('_xdp'));
  expectEqual('XDP links', xdp.length, 2);
  return xdp.join(', ');
}

/** What is looked at of a status. */
interface Modes {
  readonly interfaces: readonly { readonly name: string; readonly mode: string }[];
}

function expectModes({ interfaces }: Modes, mode: string): void {
  const found = interfaces.map((each) => `${each.name} ${each.mode}`).sort();
  expectEqual('interfaces', found, [`back0 ${mode}`, `front0 ${mode}`]);
}
