import { lstat, mkdir, rmdir, unlink } from 'node:fs/promises';
import { createConnection, type Server } from 'node:net';
import { dirname } from 'node:path';
import { SluiceError } from '../errors/index.ts';

const DIRECTORY = '/run/sluice';
/** Leaves rw-rw----. */
const SOCKET_UMASK = 0o117;
/** sun_path of sockaddr_un, less the final zero byte. */
const MAX_PATH_BYTES = 107;

/** Where the daemon of an instance is reached unless told otherwise. */
export function defaultAdminSocket(instance: string): string {
  return instance === 'default' ? `${DIRECTORY}/admin.sock` : `${DIRECTORY}/${instance}/admin.sock`;
}

/**
 * Lets `server` listen on a unix socket that only its owner and group may use, from its first moment on.
 * The directory is made when missing; the socket of a dead daemon is replaced.
 * @throws SluiceError `conflict` when a daemon answers there or the path is another kind of file,
 *   `usage` when the path is too long, `permission` when the directory is not writable.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new SluiceError('usage', `the socket path "${path}" is longer than ${MAX_PATH_BYTES} bytes`);
  }
  const bind = async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await removeStaleSocket(path);
    await listen(server, path);
  };
  try {
    // A daemon that ends meanwhile removes the folder with its socket.
    await bind().catch((error) => (isMissing(error) ? bind() : Promise.reject(error)));
  } catch (error) {
    throw error instanceof SluiceError ? error : listenError(path, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Removes the folder that a named instance has its socket in, unless something is in it. */
export async function removeSocketFolder(path: string, directory = DIRECTORY): Promise<void> {
  const folder = dirname(path);
  if (dirname(folder) !== directory) return;
  // Whatever hinders: it is empty or not ours, and harms nobody.
  await rmdir(folder).catch(() => {});
}

/** Removes what a dead daemon left of its socket, if it did. */
export async function removeDeadSocket(path: string, directory = DIRECTORY): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSocket() && !(await answers(path))) await unlink(path);
  await removeSocketFolder(path, directory);
}

async function removeStaleSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return;
  if (!stats.isSocket()) {
    throw new SluiceError('conflict', `"${path}" exists and is not a socket`, {
      fix: 'remove it, or choose another --admin-socket',
    });
  }
  if (await answers(path)) {
    throw new SluiceError('conflict', `a daemon already answers on "${path}"`, {
      fix: 'stop it, or choose another --instance or --admin-socket',
    });
  }
  await unlink(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const finish = (alive: boolean) => () => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', finish(true));
    // Only a refusal proves that nobody listens; a full backlog (EAGAIN) is a busy daemon.
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')(),
    );
  });
}

/** libuv binds inside of `listen()`, so the umask needs to hold for this call alone. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.removeListener('error', reject);
      resolve();
    });
    const umask = process.umask(SOCKET_UMASK);
    try {
      server.listen(path);
    } finally {
      process.umask(umask);
    }
  });
}

function listenError(path: string, cause: unknown): SluiceError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const denied = /\b(EACCES|EPERM|EROFS)\b/.test(message);
  return new SluiceError(
    denied ? 'permission' : 'kernel',
    `the admin socket "${path}" cannot be made: ${message}`,
    {
      fix: denied
        ? 'run as root, or choose another --admin-socket'
        : `make room in ${dirname(path)} (df, df -i), or choose another --admin-socket`,
      cause,
    },
  );
}
