import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assertNoLeaks,
  type KernelSnapshot,
  OwnedProcess,
  PIN_DIRECTORY,
  snapshotKernel,
} from '../../lab/index.ts';
import type { SoakReport } from '../../soak/report.ts';
import { BpfMap, walkMap } from '../../src/libbpf/index.ts';

const SOAK = [process.execPath, fileURLToPath(new URL('../../dist/soak/main.js', import.meta.url))];
const GRACE_MS = 20_000;
/** A minute on a quiet machine; other tests run beside this. */
const TIMEOUT_MS = 400_000;
const START_TIMEOUT_MS = 60_000;
/** Both halves of some of the conversations that are held. */
const ENOUGH_FLOWS = 60;

let before: KernelSnapshot;
beforeAll(async () => {
  before = await snapshotKernel();
});
afterAll(() => assertNoLeaks(before));

function soak(...argv: string[]): OwnedProcess {
  return new OwnedProcess([...SOAK, ...argv], { graceMs: GRACE_MS });
}

/** The table of lasting flows of the only stage of a soak, once conversations are in it. */
async function flowsOf(process: OwnedProcess): Promise<BpfMap> {
  // The folder of an instance is there before its pins are.
  const pins = () =>
    readdirSync(PIN_DIRECTORY)
      .filter((name) => name.startsWith(`soak-${process.pid}-`))
      .map((name) => join(PIN_DIRECTORY, name, 'maps/flows'))
      .filter((pin) => existsSync(pin));
  await expect.poll(pins, { timeout: START_TIMEOUT_MS }).toHaveLength(1);
  const flows = BpfMap.fromPin(pins()[0] ?? '');
  await expect
    .poll(async () => (await keysOf(flows)).length, { timeout: START_TIMEOUT_MS })
    .toBeGreaterThan(ENOUGH_FLOWS);
  return flows;
}

async function keysOf(map: BpfMap): Promise<readonly Buffer[]> {
  const keys: Buffer[] = [];
  const { keySize } = map.info;
  for await (const chunk of walkMap(map)) {
    for (let row = 0; row < chunk.count; row++)
      keys.push(chunk.keys.subarray(row * keySize, (row + 1) * keySize));
  }
  return keys;
}

// Each has labs of its own; side by side they take the time of the longest.
describe.concurrent('the soak', () => {
  it(
    'finds nothing wrong with a balancer under long connections, churn, floods, reloads and restarts',
    async ({ expect }) => {
      await using process = soak('--seconds', '14', '--rate', '60', '-o', 'json');
      const status = await process.exited;
      const report: SoakReport = JSON.parse(process.stdout);
      expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
      expect(status).toBe(0);
      // None of it has passed for want of anything that happened.
      const figure = (name: string) =>
        report.checks
          .filter((check) => check.name === name)
          .map((check) => Number(/ of (\d+)/.exec(check.figure)?.[1]));
      expect(figure('restarts that adopted nothing')).toEqual([2, 2]);
      for (const [name, least] of [
        ['held conversations reset or silent', 72],
        ['short connections failed', 300],
        ['reloads failed', 4],
        ['counters that went down', 1000],
        ['flows = accepted = counted by clients', 300],
        ['SYNs of floods that opened a flow', 3000],
      ] as const) {
        for (const count of figure(name)) expect(count, name).toBeGreaterThanOrEqual(least);
      }
      expect(process.stderr).toMatch(/^soak: \d+ s, native: 72 held, 0 broken, /m);
    },
    TIMEOUT_MS,
  );

  it(
    'sees conversations break when their flows are taken out of the table',
    async ({ expect }) => {
      await using process = soak('--seconds', '6', '--rate', '30', '--only', 'native');
      using flows = await flowsOf(process);
      for (const key of await keysOf(flows)) flows.delete(key);
      expect(await process.exited).toBe(1);
      expect(process.stdout).toMatch(
        /^native +held conversations reset or silent +[1-9]\d* of \d+ .* 0 +FAILED$/m,
      );
      expect(process.stdout).toMatch(
        /held conversations reset or silent: .* held-\d+ of \w+-s?nat-v[46] .*ECONNRESET/,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'leaves nothing behind when it is interrupted',
    async ({ expect }) => {
      await using process = soak('--only', 'tc');
      using _flows = await flowsOf(process);
      process.kill('SIGINT');
      expect(await process.exited).toBe(130);
    },
    TIMEOUT_MS,
  );
});
