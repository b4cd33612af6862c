import { readFileSync } from 'node:fs';
import { type Attach, BENCH_WORD } from '../checks.ts';
import { checkAdoption } from './adoption.ts';
import { checkAttached, checkDoctor, checkNative } from './attachment.ts';
import { checkBench } from './bench.ts';
import { check } from './checker.ts';
import { checkCpus } from './cpus.ts';
import { checkTransfers } from './netem.ts';
import { GuestScene } from './scene.ts';
import { checkConnections, checkConversations } from './traffic.ts';
import { checkVectors } from './vectors.ts';
import { checkVerified } from './verified.ts';

/** Everything that must work on a kernel that is new enough. A check that cannot be run any more is not told. */
export async function serve(): Promise<void> {
  if (readFileSync('/proc/cmdline', 'utf8').includes(BENCH_WORD)) {
    return check('the bench measures IPVS beside the others', checkBench);
  }
  await check('per-CPU maps have a value for every possible CPU', checkCpus);
  await check('the verifier takes every program', checkVerified);
  await check('the vectors pass', checkVectors);
  let scene: GuestScene | undefined;
  await check('a lab stands, with services behind Sluice to be', async () => {
    scene = await GuestScene.open();
    return `built in ${Math.round(scene.lab.createdInMs)} ms`;
  });
  if (scene !== undefined) await serveScene(scene);
}

async function serveScene(scene: GuestScene): Promise<void> {
  await check('doctor finds nothing that would keep Sluice from working', () => checkDoctor(scene));
  await check('the programs load and attach, and status shows it', () => checkAttached(scene));
  await serveHook(scene, 'tc');
  await check('a killed daemon is followed by one that adopts what it finds', () => checkAdoption(scene));
  await check('a reload moves everything to native XDP', () => checkNative(scene));
  await serveHook(scene, 'native');
  await check('nothing is left after the end', async () => {
    await scene.close();
    return 'no program, map, link, pin or process';
  });
}

async function serveHook(scene: GuestScene, hook: Attach): Promise<void> {
  await check(
    `${hook}: clients reach their targets in nat and snat mode, and every connection is counted once`,
    () => checkConnections(scene),
  );
  await check(`${hook}: UDP conversations come back, and end in the sweep`, () => checkConversations(scene));
  await check(`${hook}: transfers survive delay, reordering, duplication and loss`, () =>
    checkTransfers(scene),
  );
}
