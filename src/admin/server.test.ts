import { chmod, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, request } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../errors/index.ts';
import { sampleConnections, sampleStats, sampleStatus } from '../report/sample-reports.fixture.ts';
import { AdminClient } from './client.ts';
import { SampleView } from './sample-view.fixture.ts';
import { AdminServer } from './server.ts';
import { defaultAdminSocket } from './socket.ts';
import type { BalancerView } from './view.ts';

let directory: string;
let socketPath: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-admin-'));
  socketPath = join(directory, 'run', 'admin.sock');
});
afterEach(() => rm(directory, { recursive: true }));

async function serve<T>(view: BalancerView, use: (client: AdminClient) => Promise<T>): Promise<T> {
  await using _server = await AdminServer.start({ view, socketPath });
  return await use(new AdminClient({ socketPath }));
}

/** One request by hand: what a client of another language would see. */
function fetchRaw(
  method: string,
  path: string,
  body = '',
): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, type: incoming.headers['content-type'] ?? '', text }),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

describe('the admin API', () => {
  it('answers status, connections and stats as the balancer gave them', async () => {
    await serve(new SampleView(), async (client) => {
      expect(await client.status()).toEqual(sampleStatus);
      expect(await client.connections()).toEqual(sampleConnections);
      expect(await client.stats()).toEqual(sampleStats);
    });
  });

  it('hands the filter on, with a limit by default', async () => {
    const view = new SampleView();
    await serve(view, async (client) => {
      await client.connections({ proxy: 'web', target: '[2001:db8::1]:80', client: '10.0.0.0/8', limit: 5 });
      await client.connections();
    });
    expect(view.filters).toEqual([
      { proxy: 'web', target: '[2001:db8::1]:80', client: '10.0.0.0/8', limit: 5, offset: 0 },
      { limit: 1000, offset: 0 },
    ]);
  });

  it('detaches', async () => {
    const view = new SampleView();
    await serve(view, (client) => client.detach());
    expect(view.detached).toBe(1);
  });

  it('tells a health check that the daemon lives', async () => {
    await serve(new SampleView(), async () => {
      expect(await fetchRaw('GET', '/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    });
  });

  it.each([
    '/v1/connections?limit=many',
    '/v1/connections?limit=-1',
    '/v1/connections?limit=100001',
    '/v1/connections?porxy=web',
  ])('refuses %s with a problem that says what is possible', async (path) => {
    await serve(new SampleView(), async () => {
      const answer = await fetchRaw('GET', path);
      expect(answer).toMatchObject({ status: 400, type: 'application/problem+json' });
      expect(JSON.parse(answer.text)).toMatchObject({
        code: 'usage',
        fix: expect.stringContaining('limit from 0'),
      });
    });
  });

  it('answers an unknown route with a problem', async () => {
    await serve(new SampleView(), async () => {
      const answer = await fetchRaw('GET', '/v2/nothing');
      expect(answer).toMatchObject({ status: 404, type: 'application/problem+json' });
      expect(JSON.parse(answer.text)).toMatchObject({
        code: 'not_found',
        detail: 'there is no GET /v2/nothing',
      });
    });
  });

  it('does not detach on a GET', async () => {
    const view = new SampleView();
    await serve(view, async () => {
      expect((await fetchRaw('GET', '/v1/detach')).status).toBe(405);
    });
    expect(view.detached).toBe(0);
  });

  it('refuses a body beyond its limit', async () => {
    const view = new SampleView();
    await serve(view, async () => {
      expect((await fetchRaw('POST', '/v1/detach', 'x'.repeat(70_000))).status).toBe(413);
    });
    expect(view.detached).toBe(0);
  });

  it('carries an error of the balancer to the client whole', async () => {
    const view = new SampleView();
    view.status = async () => {
      throw new SluiceError('capacity', 'the table is full', {
        fix: 'raise maxConnections',
        details: [{ where: 'flows', message: '100000 of 100000' }],
      });
    };
    await serve(view, async (client) => {
      const error = await client.status().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(SluiceError);
      expect(error).toMatchObject({
        code: 'capacity',
        message: 'the table is full',
        fix: 'raise maxConnections',
        details: [{ where: 'flows', message: '100000 of 100000' }],
      });
    });
  });

  it('reports a fault of the daemon to its log and as an internal error to the client', async () => {
    const view = new SampleView();
    view.stats = async () => {
      throw new TypeError('x is undefined');
    };
    const faults: unknown[] = [];
    await using _server = await AdminServer.start({
      view,
      socketPath,
      onFault: (error) => faults.push(error),
    });
    await expect(new AdminClient({ socketPath }).stats()).rejects.toMatchObject({ code: 'internal' });
    expect(faults).toHaveLength(1);
  });
});

describe('the admin socket', () => {
  it('may be used by owner and group alone from the moment it exists, and is gone after close', async () => {
    const umask = process.umask();
    const server = await AdminServer.start({ view: new SampleView(), socketPath });
    expect((await stat(socketPath)).mode & 0o777).toBe(0o660);
    expect(process.umask()).toBe(umask);
    await server.close();
    await expect(stat(socketPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('replaces the socket of a daemon that died', async () => {
    await leaveStaleSocket();
    await serve(new SampleView(), async (client) => {
      expect(await client.status()).toEqual(sampleStatus);
    });
  });

  it('leaves a living daemon alone', async () => {
    await serve(new SampleView(), async (client) => {
      await expect(AdminServer.start({ view: new SampleView(), socketPath })).rejects.toMatchObject({
        code: 'conflict',
        message: `a daemon already answers on "${socketPath}"`,
      });
      expect(await client.status()).toEqual(sampleStatus);
    });
  });

  it('does not remove a file that is not a socket', async () => {
    const path = join(directory, 'precious');
    await writeFile(path, 'data');
    await expect(AdminServer.start({ view: new SampleView(), socketPath: path })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await stat(path)).size).toBe(4);
  });

  it('refuses a path that does not fit into a socket address', async () => {
    const path = join(directory, 'x'.repeat(120));
    await expect(AdminServer.start({ view: new SampleView(), socketPath: path })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('says so when its directory cannot be made', async () => {
    await writeFile(join(directory, 'run'), 'a file, not a directory');
    await expect(AdminServer.start({ view: new SampleView(), socketPath })).rejects.toThrow(/cannot be made/);
  });

  it('lets an answer under way finish at close, but not for ever', async () => {
    let release = () => {};
    let isAsked = false;
    const view = new SampleView();
    view.detach = () =>
      new Promise((resolve) => {
        release = resolve;
        isAsked = true;
      });
    const server = await AdminServer.start({ view, socketPath });
    const detaching = new AdminClient({ socketPath }).detach();
    const idle = createConnection(socketPath);
    await new Promise((resolve) => idle.once('connect', resolve));
    await expect.poll(() => isAsked).toBe(true);
    const closing = server.close();
    release();
    await detaching;
    await closing;
    idle.destroy();
  });

  it('has a path of its own for each instance', () => {
    expect(defaultAdminSocket('default')).toBe('/run/sluice/admin.sock');
    expect(defaultAdminSocket('blue')).toBe('/run/sluice/blue/admin.sock');
  });
});

describe('the admin client', () => {
  it('says how to start a daemon when the socket is missing', async () => {
    await expect(new AdminClient({ socketPath }).status()).rejects.toMatchObject({
      code: 'unreachable',
      message: `no daemon answers on "${socketPath}"`,
      fix: 'is the daemon running? start it with: sluice run -c FILE',
    });
  });

  it('says the same when the daemon died and left its socket', async () => {
    await leaveStaleSocket();
    await expect(new AdminClient({ socketPath }).status()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('gives up on a daemon that does not answer', async () => {
    const view = new SampleView();
    view.status = () => new Promise(() => {});
    await using _server = await AdminServer.start({ view, socketPath });
    await expect(new AdminClient({ socketPath, timeoutMs: 50 }).status()).rejects.toMatchObject({
      code: 'unreachable',
      message: `the daemon on "${socketPath}" gave no answer within 50 ms`,
    });
  });

  it('does not trust what is not an answer of ours', async () => {
    const path = join(directory, 'other.sock');
    const other = createHttpServer((_request, response) => response.writeHead(500).end('{}'));
    await new Promise<void>((resolve) => other.listen(path, resolve));
    await expect(new AdminClient({ socketPath: path }).status()).rejects.toThrow(
      'GET /v1/status was answered with status 500',
    );
    await new Promise((resolve) => other.close(resolve));
  });
});

/** Binds a socket and hides it from the removal that comes with closing. */
async function leaveStaleSocket(): Promise<void> {
  await mkdir(join(directory, 'run'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${socketPath}.tmp`, resolve));
  await rename(`${socketPath}.tmp`, socketPath);
  await new Promise((resolve) => server.close(resolve));
  await chmod(socketPath, 0o600);
}
