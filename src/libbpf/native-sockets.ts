import koffi from 'koffi';
import { bind, once } from './bind.ts';

/** What sockets need of the C library, typed; bound once a process. It is there also where libbpf is not. */
export const nativeSockets = once(() => {
  const libc = koffi.load('libc.so.6');
  type Option<Size> = (fd: number, level: number, name: number, value: Uint8Array, size: Size) => number;
  return {
    socket: bind<(domain: number, type: number, protocol: number) => number>(
      libc,
      'int socket(int domain, int type, int protocol)',
    ),
    connect: bind<(fd: number, to: Uint8Array, size: number) => number>(
      libc,
      'int connect(int fd, const void *to, uint32_t size)',
    ),
    send: bind<(fd: number, bytes: Uint8Array, size: number, flags: number) => number>(
      libc,
      'long send(int fd, const void *bytes, size_t size, int flags)',
    ),
    sendTo: bind<
      (fd: number, bytes: Uint8Array, size: number, flags: number, to: Uint8Array, toSize: number) => number
    >(
      libc,
      'long sendto(int fd, const void *bytes, size_t size, int flags, const void *to, uint32_t toSize)',
    ),
    setOption: bind<Option<number>>(
      libc,
      'int setsockopt(int fd, int level, int name, const void *value, uint32_t size)',
    ),
    getOption: bind<Option<Uint32Array>>(
      libc,
      'int getsockopt(int fd, int level, int name, void *value, void *size)',
    ),
    close: bind<(fd: number) => number>(libc, 'int close(int fd)'),
    epollCreate: bind<(flags: number) => number>(libc, 'int epoll_create1(int flags)'),
    epollControl: bind<(epoll: number, operation: number, fd: number, event: Uint32Array) => number>(
      libc,
      'int epoll_ctl(int epoll, int operation, int fd, void *event)',
    ),
    epollWait: bind<(epoll: number, events: Uint32Array, most: number, timeoutMs: number) => number>(
      libc,
      'int epoll_wait(int epoll, void *events, int most, int timeoutMs)',
    ),
    interfaceIndex: bind<(name: string) => number>(libc, 'unsigned int if_nametoindex(const char *name)'),
  };
});
