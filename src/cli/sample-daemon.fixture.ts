import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { AdminServer } from '../admin/index.ts';
import { SampleView } from '../admin/sample-view.fixture.ts';
import { capturedIo } from './captured-io.fixture.ts';
import { main } from './main.ts';

/** A daemon that answers with samples, and its socket. */
export interface SampleDaemon {
  readonly view: SampleView;
  readonly server: AdminServer;
  readonly socketPath: string;
}

/** What {@link useSampleDaemon} gives: the daemon of the running test, and the command line that speaks to it. */
export interface SampleDaemonOfTest {
  readonly daemon: () => SampleDaemon;
  readonly run: (...argv: string[]) => Promise<{ status: number; out: string; err: string }>;
}

/** Starts a daemon of samples before each test of the file, and ends it after. */
export function useSampleDaemon(): SampleDaemonOfTest {
  let directory: string;
  let current: SampleDaemon;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
    const socketPath = join(directory, 'admin.sock');
    const view = new SampleView();
    current = { view, socketPath, server: await AdminServer.start({ view, socketPath }) };
  });
  afterEach(async () => {
    await current.server.close();
    await rm(directory, { recursive: true });
  });
  const run = async (...argv: string[]) => {
    const io = capturedIo();
    const status = await main([...argv, '--admin-socket', current.socketPath], io);
    return { status, out: io.out(), err: io.err() };
  };
  return { daemon: () => current, run };
}
