import { closeSync } from 'node:fs';
import { endianness } from 'node:os';
import koffi from 'koffi';
import { errorFromErrno } from './bpf-error.ts';
import { nativeSockets } from './native-sockets.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** sun_path of sockaddr_un. */
const MAX_PATH_BYTES = 108;
const FAMILY_BYTES = 2;
const ENAMETOOLONG = 36;

/**
 * Sends one datagram to a unix socket, which Node cannot do. Never waits: a receiver whose queue is full is an error.
 * @param path of the socket; `@` at its beginning stands for the abstract namespace, as in `NOTIFY_SOCKET`.
 * @throws {BpfError} when nobody receives there
 */
export function sendDatagram(path: string, text: string): void {
  const address = unixAddress(path);
  const fd = nativeSockets().socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw errorFromErrno(koffi.errno(), 'making a unix socket');
  try {
    const bytes = Buffer.from(text);
    const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    const sent = nativeSockets().sendTo(fd, bytes, bytes.length, flags, address, address.length);
    if (sent < 0) throw errorFromErrno(koffi.errno(), `sending to the socket ${path}`);
  } finally {
    closeSync(fd);
  }
}

/** `sockaddr_un`; an abstract name has no zero byte at its end, a path has one. */
function unixAddress(path: string): Buffer {
  const isAbstract = path.startsWith('@');
  const name = Buffer.from(isAbstract ? `\0${path.slice(1)}` : `${path}\0`);
  if (name.length > MAX_PATH_BYTES) throw errorFromErrno(ENAMETOOLONG, `sending to the socket ${path}`);
  const family = Buffer.alloc(FAMILY_BYTES);
  if (endianness() === 'LE') family.writeUInt16LE(AF_UNIX);
  else family.writeUInt16BE(AF_UNIX);
  return Buffer.concat([family, name]);
}
