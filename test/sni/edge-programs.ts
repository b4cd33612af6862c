/** Both ends of connections that live unusually (test/sni/edges.test.ts), as programs of Python, which has all options of sockets. */

/** What both share. A stream of bytes that is the same everywhere, and its digest. */
const COMMON = `
import errno, hashlib, json, socket, struct, sys, threading, time
MEGABYTE = 1000000
def stream(size):
    return b''.join(hashlib.sha256(b'%d' % i).digest() for i in range(size // 32 + 1))[:size]
def digest(data):
    return hashlib.sha256(data).hexdigest()
def to_end(sock):
    data = b''
    while chunk := sock.recv(65536):
        data += chunk
    return data
def wait_for_segments_without_bytes(sock, count):
    # Of struct tcp_info: tcpi_bytes_received and tcpi_segs_in.
    received, before = -1, 0
    while True:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        bytes_now, segments = struct.unpack_from('=Q', info, 128)[0], struct.unpack_from('=I', info, 140)[0]
        if bytes_now != received:
            received, before = bytes_now, segments
        if segments - before >= count:
            return received
        time.sleep(0.01)
def keep_alive(sock):
    for option, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2)):
        sock.setsockopt(socket.IPPROTO_TCP, option, value)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
`;

/**
 * A server that does what the first line of a connection says. Receives into little room; tells a later connection what came over
 * one whose own way back was shut. Argument: port.
 */
export const EDGE_SERVER = `${COMMON}
received = {}
def serve(sock):
    lines = sock.makefile('rb')
    command, *rest = lines.readline().decode().split()
    if command == 'pour':
        sock.sendall(stream(MEGABYTE))
    elif command == 'pour-after-end':
        assert lines.read() == b''
        sock.sendall(stream(MEGABYTE))
    elif command == 'end-first':
        sock.shutdown(socket.SHUT_WR)
        received[rest[0]] = digest(lines.read())
    elif command == 'what-came':
        while rest[0] not in received:
            time.sleep(0.02)
        sock.sendall(received.pop(rest[0]).encode())
    elif command == 'stall':
        assert wait_for_segments_without_bytes(sock, 2) < MEGABYTE
        sock.sendall(digest(lines.read(MEGABYTE)).encode())
    elif command == 'end-together':
        sock.sendall(b'now')
        sock.shutdown(socket.SHUT_WR)
        assert lines.read() == b''
    elif command == 'echo':
        if rest == ['kept-alive']:
            keep_alive(sock)
        sock.sendall(b'ready')
        sock.sendall(lines.readline())
    sock.close()
listener = socket.create_server(('', int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
`;

/**
 * Its client; makes all connections at once and prints what came of each, as JSON. Arguments: address, port, the local port of
 * those that end together, that of those that follow each other.
 */
export const EDGE_CLIENT = `${COMMON}
address, port, together, again = sys.argv[1], *map(int, sys.argv[2:])
def connect(sock):
    # The port is not free before the last FIN of the connection before has been acknowledged.
    for wait in range(1000):
        try:
            return sock.connect((address, port))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            time.sleep(0.001)
    raise TimeoutError('the port does not become free')
def begin(line, local=0, room=0):
    sock = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_STREAM)
    sock.settimeout(30)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if room:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    if local:
        sock.bind(('', local))
    connect(sock)
    sock.sendall(line + b'\\n')
    return sock
def end_first():
    with begin(b'pour-after-end') as sock:
        sock.shutdown(socket.SHUT_WR)
        return digest(to_end(sock))
def end_last():
    key = b'%d' % time.time_ns()
    with begin(b'end-first ' + key) as sock:
        assert to_end(sock) == b''
        sock.sendall(stream(MEGABYTE))
    with begin(b'what-came ' + key) as sock:
        return to_end(sock).decode()
def send_to_one_who_stalls():
    with begin(b'stall') as sock:
        sock.sendall(stream(MEGABYTE))
        return to_end(sock).decode()
def stall():
    with begin(b'pour', room=65536) as sock:
        assert wait_for_segments_without_bytes(sock, 2) < MEGABYTE
        return digest(to_end(sock))
def end_together():
    with begin(b'end-together', together) as sock:
        assert sock.recv(3) == b'now'
        sock.shutdown(socket.SHUT_WR)
        return to_end(sock).decode()
def wait(line=b'echo', own=True):
    with begin(line) as sock:
        assert sock.recv(5) == b'ready'
        if own:
            keep_alive(sock)
        wait_for_segments_without_bytes(sock, 1)
        sock.sendall(b'still here\\n')
        return to_end(sock).decode()
def be_kept_alive():
    return wait(b'echo kept-alive', own=False)
def begin_again():
    digests = set()
    for turn in range(10):
        with begin(b'pour', again) as sock:
            digests.add(digest(to_end(sock)))
            # The server has ended first, and waits for what may still be on its way; this port is free.
    return ' '.join(digests)
results = {}
def run(work):
    try:
        results[work.__name__] = work()
    except Exception as error:
        results[work.__name__] = repr(error)
works = [end_first, end_last, send_to_one_who_stalls, stall, end_together, wait, be_kept_alive, begin_again]
threads = [threading.Thread(target=run, args=(work,)) for work in works]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({'expected': digest(stream(MEGABYTE)), **results}))
`;
