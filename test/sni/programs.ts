/** What runs in hosts of the lab, as text: clients and servers of other languages and libraries than the lab's own. */

/**
 * A WebSocket server of the library `ws`, on a port of 127.0.0.1; it answers what it hears with `heard: ` before it. Run by
 * Node in the project's folder.
 */
export const WEB_SOCKET_SERVER = `
import { WebSocketServer } from 'ws';
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[1]) });
server.on('connection', (socket) => socket.on('message', (text) => socket.send('heard: ' + text)));
`;

/** A WebSocket client of the same; prints what it hears first. Arguments: address, name, authority, path. */
export const WEB_SOCKET_CLIENT = `
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
const [address, name, authority, path] = process.argv.slice(1);
const lookup = (_name, _options, found) => found(null, [{ address, family: 4 }]);
const socket = new WebSocket('wss://' + name + path, { ca: readFileSync(authority), lookup });
socket.on('open', () => socket.send('node'));
socket.on('message', (text) => {
  console.log(String(text));
  socket.close();
});
`;

/**
 * A client of Node's: with each version of TLS two connections, of which the second resumes the first; prints the last lines of
 * the answers. Arguments: address, port, name, authority, path.
 */
export const NODE_RESUMES = `
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
const [host, port, servername, authority, path] = process.argv.slice(1);
const ca = readFileSync(authority);
for (const version of ['TLSv1.2', 'TLSv1.3']) {
  let session;
  for (let time = 0; time < 2; time++) {
    const socket = connect({ host, port, servername, ca, minVersion: version, maxVersion: version, session });
    socket.on('session', (given) => { session = given; });
    socket.write('GET ' + path + ' HTTP/1.0\\r\\nHost: ' + servername + '\\r\\n\\r\\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    console.log(answer.trim().split('\\n').pop());
  }
}
`;

/** The same in Python. */
export const PYTHON_RESUMES = `
import socket, ssl, sys
address, port, name, authority, path = sys.argv[1:]
for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    context = ssl.create_default_context(cafile=authority)
    context.minimum_version = context.maximum_version = version
    session = None
    for time in range(2):
        plain = socket.create_connection((address, int(port)))
        with context.wrap_socket(plain, server_hostname=name, session=session) as tls:
            tls.sendall(f'GET {path} HTTP/1.0\\r\\nHost: {name}\\r\\n\\r\\n'.encode())
            answer = b''
            while chunk := tls.recv(4096):
                answer += chunk
            session = tls.session
            print(answer.decode().strip().split('\\n')[-1])
`;

/** A page that tells in its body what a request and a WebSocket of it were answered. */
export const PAGE = [
  '<!doctype html><body><script>',
  'const tell = (text) => document.body.append(text);',
  "fetch('/').then((answer) => answer.text()).then((text) => tell('[fetched: ' + text.trim() + ']'));",
  "const socket = new WebSocket('wss://' + location.host + '/socket');",
  "socket.onopen = () => socket.send('browser');",
  "let told = false; socket.onmessage = ({ data }) => { told = true; tell('[' + data + ']'); };",
  "socket.onerror = () => tell('[socket failed]');",
  // The browser's own time stands still while an answer is awaited, but not for what a socket says.
  "const wait = (left) => left && !told && fetch('/').then(() => wait(left - 1));",
  'wait(2000);',
  '</script></body>',
].join(' ');
