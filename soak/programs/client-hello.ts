import { Duplex } from 'node:stream';
import { connect } from 'node:tls';

/** What comes before the fragment of a TLS record (RFC 8446, 5.1): type, version, length. */
const RECORD_HEADER = 5;

/** The ClientHello that asks for a name: one record, as OpenSSL makes it. */
export function clientHello(name: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        resolve(chunk);
        done();
      },
    });
    // Nobody answers, so it ends in an error when the program does.
    connect({ socket: wire, servername: name }).on('error', () => undefined);
  });
}

/** What of a stream of bytes comes after its first TLS record. */
export function afterFirstRecord(): (chunk: Buffer) => Buffer {
  let record: Buffer | undefined = Buffer.alloc(0);
  return (chunk) => {
    if (record === undefined) return chunk;
    const all = Buffer.concat([record, chunk]);
    const end = all.length < RECORD_HEADER ? Number.POSITIVE_INFINITY : RECORD_HEADER + all.readUInt16BE(3);
    record = all.length < end ? all : undefined;
    return all.subarray(Math.min(end, all.length));
  };
}
