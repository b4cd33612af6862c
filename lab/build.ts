import { defaultMaxListeners, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '../src/errors/index.ts';
import { type ExecOptions, run } from './host/index.ts';
import { patienceMs } from './patience.ts';
import {
  creationBatch,
  devicesByNamespace,
  type FullSpec,
  hostScript,
  switchScript,
  type Topology,
} from './topology/index.ts';

const COMMAND_TIMEOUT_MS = 20_000;
const LINK_POLL_MS = 50;
const LINK_TIMEOUT_MS = 5_000;

/**
 * Makes everything that a topology names, and returns when every link carries packets.
 * @throws SluiceError `kernel` when a part is refused; what exists by then stays for the caller to remove.
 */
export async function build(
  topology: Topology,
  spec: FullSpec,
  signal: AbortSignal | undefined,
): Promise<void> {
  // A command in every host listens to it at once, which is no leak.
  if (signal !== undefined) setMaxListeners(topology.hosts.length + defaultMaxListeners, signal);
  const options: ExecOptions = { signal, timeoutMs: patienceMs(COMMAND_TIMEOUT_MS) };
  await run(['ip', '-batch', '-'], { ...options, input: creationBatch(topology) });
  const inside = (namespace: string, script: string) =>
    run(['nsenter', `--net=/run/netns/${namespace}`, '--', 'sh', '-s'], { ...options, input: script });
  await all([
    inside(topology.switch.namespace, switchScript(topology, spec)),
    ...topology.hosts.map((host) => inside(host.namespace, hostScript(host, topology, spec))),
  ]);
  const devices = [...devicesByNamespace(topology)];
  await all(devices.map(([namespace, names]) => linksUp(namespace, names, options)));
}

/** Lets every interface of a topology send whole checksums and segments. @throws SluiceError `kernel` */
export async function turnOffloadsOff(topology: Topology): Promise<void> {
  const jobs = [...devicesByNamespace(topology)].map(([namespace, devices]) => {
    const input = devices.map((device) => `ethtool -K ${device} tx off >/dev/null\n`).join('');
    return run(['nsenter', `--net=/run/netns/${namespace}`, '--', 'sh', '-e'], { input });
  });
  await all(jobs);
}

/**
 * Waits until interfaces are operational. The kernel tells a bridge or IPv6 of a new carrier only once a second;
 * asking for the state of one interface makes it do so at once (Linux 6.8), and before that the wait is real.
 */
async function linksUp(namespace: string, devices: readonly string[], options: ExecOptions): Promise<void> {
  const input = devices.map((device) => `link show dev ${device}\n`).join('');
  const limitMs = patienceMs(LINK_TIMEOUT_MS);
  const deadline = performance.now() + limitMs;
  for (;;) {
    const states = await run(['ip', '-n', namespace, '-batch', '-'], { ...options, input });
    if (states.split(' state UP ').length - 1 === devices.length) return;
    if (performance.now() > deadline) {
      throw new SluiceError(
        'kernel',
        `lab: links of ${namespace} are not up after ${limitMs} ms:\n${states}`,
      );
    }
    await sleep(LINK_POLL_MS, undefined, { signal: options.signal });
  }
}

/** Waits for every job before it reports the first error: nothing may still be building while a lab is removed. */
async function all(jobs: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(jobs);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
