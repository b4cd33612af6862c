import { writeFile } from 'node:fs/promises';
import { assertNoLeaks, Lab, snapshotKernel } from '../../../lab/index.ts';
import { SLUICE } from '../../support/balancer.ts';
import { bothFamilies, configOf } from '../../support/proxies.ts';
import { check } from './checker.ts';
import { expectThat } from './expect.ts';

/** On a kernel that is too old Sluice says so, and touches nothing. */
export async function refuse(): Promise<void> {
  const before = await snapshotKernel();
  await check('run and doctor name the kernel that is needed', checkRefusal);
  await check('nothing is left in the kernel by the attempt', async () => {
    await assertNoLeaks(before);
    return 'no program, map, link or pin';
  });
}

async function checkRefusal(): Promise<string> {
  await using lab = await Lab.create({ targets: 1 });
  const file = `${lab.directory}/sluice.json`;
  const config = configOf(bothFamilies(lab, { name: 'web', port: 80 }));
  await writeFile(file, JSON.stringify(config));
  const run = await lab.balancer.exec([
    SLUICE,
    'run',
    '-c',
    file,
    '--admin-socket',
    `${lab.directory}/admin.sock`,
  ]);
  expectThat(run.code !== 0 && run.code !== null, `run ended with ${run.code}`);
  expectThat(/too old/.test(run.stderr) && /5\.15/.test(run.stderr), `run said: ${run.stdout}${run.stderr}`);
  const doctor = await lab.balancer.exec([SLUICE, 'doctor', '-c', file]);
  expectThat(doctor.code === 1, `doctor ended with ${doctor.code}`);
  expectThat(/5\.15/.test(doctor.stdout), `doctor said: ${doctor.stdout}${doctor.stderr}`);
  return run.stderr.trim().split('\n')[0] ?? '';
}
