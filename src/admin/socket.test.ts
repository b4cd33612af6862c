import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDeadSocket, removeSocketFolder } from './socket.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-run-'));
  path = join(directory, 'blue', 'admin.sock');
  await mkdir(join(directory, 'blue'));
});
afterEach(() => rm(directory, { recursive: true }));

/** A socket that a daemon left behind: it was moved, so that its server did not find it to remove. */
async function leaveSocket(): Promise<void> {
  const server = createServer().listen(`${path}.now`);
  await once(server, 'listening');
  await rename(`${path}.now`, path);
  await new Promise((resolve) => server.close(resolve));
}

describe('the folder of a named instance', () => {
  it('goes with its socket, and with the socket that a dead daemon left', async () => {
    await removeSocketFolder(path, directory);
    expect(await readdir(directory)).toEqual([]);
    await mkdir(join(directory, 'blue'));
    await leaveSocket();
    await removeDeadSocket(path, directory);
    expect(await readdir(directory)).toEqual([]);
  });

  it('stays while something is in it, and where it is not one of ours', async () => {
    await writeFile(join(directory, 'blue', 'mine'), '');
    await removeSocketFolder(path, directory);
    await removeSocketFolder(join(directory, 'blue', 'x', 'y'), directory);
    expect(await readdir(join(directory, 'blue'))).toEqual(['mine']);
    await removeDeadSocket(join(directory, 'blue', 'mine'), directory);
    expect(await readdir(join(directory, 'blue'))).toEqual(['mine']);
    await rm(join(directory, 'blue', 'mine'));
    await removeSocketFolder(path, '/run/elsewhere');
    expect(await readdir(directory)).toEqual(['blue']);
  });

  it('stays while a daemon answers there', async () => {
    const server = createServer().listen(path);
    await once(server, 'listening');
    await removeDeadSocket(path, directory);
    expect(await readdir(join(directory, 'blue'))).toEqual(['admin.sock']);
    await new Promise((resolve) => server.close(resolve));
  });
});
