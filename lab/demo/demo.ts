import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StatusReport } from '../../src/report/index.ts';
import { Lab } from '../lab.ts';
import { labNamespaces } from '../removal.ts';
import { startNginx, startUdpEcho } from '../services/index.ts';
import { DemoBalancer } from './balancer.ts';
import { colorsFor, logLine, picture } from './picture.ts';
import { configFile, type DemoAddresses, type DemoPool, ECHO_PORT, planPools, TARGET_PORT } from './plan.ts';
import { Screen } from './screen.ts';
import { summary } from './summary.ts';
import { Traffic } from './traffic.ts';
import { type PoolView, type Sample, viewPool } from './view.ts';

const TARGETS = 4;
const CLIENT_ADDRESSES = 8;
/** Where the terminal does not tell its width. */
const WIDTH = 100;
const REDRAW_MS = 1_000;
const LOG_MS = 2_000;

/** What the demo is run with. */
export interface DemoOptions {
  /** Ends by itself after this time; null runs until the signal. */
  readonly seconds: number | null;
  /** Ends the demo in good order. */
  readonly signal: AbortSignal;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Command and first arguments that start `sluice`. */
  readonly sluiceCommand: readonly string[];
  /** Redraw in place instead of writing a line every two seconds; default: whether this process has a terminal. */
  readonly isTerminal?: boolean;
}

/**
 * Balances real traffic in a lab of its own and shows where the connections go, then removes all of it.
 * @throws SluiceError when the lab cannot be built or the balancer does not start; nothing is left behind then either.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  let shown: PoolView[] = [];
  const traces = { labId: '', pins: '' };
  try {
    await using lab = await Lab.create(
      { clients: [{ addresses: CLIENT_ADDRESSES }, {}], targets: TARGETS },
      { signal: options.signal },
    );
    traces.labId = lab.id;
    options.stderr(
      `demo: ${lab.hosts.length} hosts in ${Math.round(lab.createdInMs)} ms, starting targets\n`,
    );
    await startTargets(lab);
    const addresses = addressesOf(lab);
    const pools = planPools(addresses);
    await using balancer = await DemoBalancer.start(
      lab,
      options.sluiceCommand,
      configFile(pools, addresses),
      options.signal,
    );
    traces.pins = balancer.pins;
    options.stderr(invitation(options.sluiceCommand, balancer.adminSocket));
    shown = await show(lab, balancer, pools, options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
  options.stdout(summary(shown, leftovers(traces)));
}

/** How to see more of the balancer than the demo shows. */
function invitation(command: readonly string[], socket: string): string {
  const program = relative(process.cwd(), command.at(-1) ?? '');
  const sluice = program.startsWith('..') ? 'sluice' : program;
  return `demo: to look closer, in another terminal: ${sluice} top --admin-socket ${socket}\n      (or targets, events -f, dashboard, ...)\n`;
}

async function startTargets(lab: Lab): Promise<void> {
  await Promise.all([
    ...lab.targets.map((target) => startNginx(target, { port: TARGET_PORT })),
    ...lab.targets.slice(0, 2).map((target) => startUdpEcho(target, { port: ECHO_PORT })),
  ]);
}

function addressesOf(lab: Lab): DemoAddresses {
  return {
    vip: lab.vip4,
    targets: lab.targets.map((target) => target.v4),
    routedSource: lab.client(1).v4.replace(/\.\d+$/, '.0/24'),
  };
}

/** Drives the clients and shows the state until the time is up or the signal comes; returns the last state. */
async function show(
  lab: Lab,
  balancer: DemoBalancer,
  pools: readonly DemoPool[],
  options: DemoOptions,
): Promise<PoolView[]> {
  const isTerminal = options.isTerminal ?? process.stdout.isTTY === true;
  using screen = isTerminal ? new Screen(options.stdout) : undefined;
  const colors = colorsFor(isTerminal);
  // Asked anew each time: terminals change their size.
  const width = () => process.stdout.columns ?? WIDTH;
  const traffic = pools.map((pool) => new Traffic(lab, pool));
  const draw = (seconds: number, status: StatusReport, views: readonly PoolView[]) => {
    if (screen) screen.draw(picture(heading(lab, status, seconds, options.seconds), views, colors, width()));
    else options.stdout(`${logLine(seconds, views)}\n`);
  };
  try {
    return await follow(traffic, balancer, options, screen ? REDRAW_MS : LOG_MS, draw);
  } finally {
    await Promise.all(traffic.map((each) => each.close()));
  }
}

async function follow(
  traffic: readonly Traffic[],
  balancer: DemoBalancer,
  options: DemoOptions,
  intervalMs: number,
  draw: (seconds: number, status: StatusReport, views: readonly PoolView[]) => void,
): Promise<PoolView[]> {
  const started = performance.now();
  const end = options.seconds === null ? Number.POSITIVE_INFINITY : started + options.seconds * 1000;
  let earlier: Sample[] = traffic.map(() => ({ atMs: started, connections: 0 }));
  for (;;) {
    await pause(Math.min(intervalMs, Math.max(end - performance.now(), 0)), options.signal);
    const status = await balancer.status();
    const now = performance.now();
    const views = traffic.map((each, index) => viewOf(each, status, earlier[index], now));
    earlier = views.map((view) => ({ atMs: now, connections: view.connections }));
    draw(Math.round((now - started) / 1000), status, views);
    if (options.signal.aborted || now >= end) return views;
  }
}

function viewOf(
  traffic: Traffic,
  status: StatusReport,
  earlier: Sample | undefined,
  nowMs: number,
): PoolView {
  if (traffic.complaint !== '') throw new Error(`a client of the demo ended: ${traffic.complaint}`);
  return viewPool(traffic.pool, traffic.count, status, earlier ?? { atMs: 0, connections: 0 }, nowMs);
}

function heading(lab: Lab, status: StatusReport, seconds: number, limit: number | null): string {
  const attached = status.interfaces.map((each) => `${each.name} ${each.mode}`).join(', ');
  const end = limit === null ? 'Ctrl-C ends it' : `of ${limit} s`;
  return `Sluice demo: ${lab.vip4} on ${attached}; ${seconds} s, ${end}`;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Being woken by the signal is not an error: the loop looks at the signal itself.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function leftovers(traces: { readonly labId: string; readonly pins: string }): readonly string[] {
  const namespaces = labNamespaces().filter((name) => traces.labId !== '' && name.startsWith(traces.labId));
  return [...namespaces, ...(traces.pins !== '' && existsSync(traces.pins) ? [traces.pins] : [])];
}
