/** ClientHellos made from scratch, as clients send them and as they do not. */

/** What a ClientHello is made of. */
export interface HelloPlan {
  /** Host name; none without. */
  readonly name?: string;
  /** Bytes of extensions before and behind the name. */
  readonly before: number;
  readonly behind: number;
  /** Bytes that each TLS record carries at most. */
  readonly record: number;
}

/** The bytes of a ClientHello, in records. */
export function clientHello({ name, before, behind, record }: HelloPlan): Buffer {
  const extensions = Buffer.concat([
    extension(0x0a0a, Buffer.alloc(before, 1)),
    ...(name === undefined ? [] : [extension(0, serverName(name))]),
    extension(43, Buffer.alloc(behind, 2)),
  ]);
  const body = Buffer.concat([
    Buffer.from('0303', 'hex'),
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(32, 8)),
    vector(2, Buffer.from('130113021303', 'hex')),
    vector(1, Buffer.from([0])),
    vector(2, extensions),
  ]);
  return inRecords(Buffer.concat([Buffer.from([1]), vector(3, body)]), record);
}

function serverName(name: string): Buffer {
  return vector(2, Buffer.concat([Buffer.from([0]), vector(2, Buffer.from(name, 'latin1'))]));
}

function extension(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(type);
  return Buffer.concat([head, vector(2, content)]);
}

function vector(lengthBytes: number, content: Buffer): Buffer {
  const head = Buffer.alloc(lengthBytes);
  head.writeUIntBE(content.length, 0, lengthBytes);
  return Buffer.concat([head, content]);
}

function inRecords(message: Buffer, most: number): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += most) {
    const fragment = message.subarray(at, at + most);
    records.push(Buffer.concat([Buffer.from('160301', 'hex'), vector(2, fragment)]));
  }
  return Buffer.concat(records);
}
