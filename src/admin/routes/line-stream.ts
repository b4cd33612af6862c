/**
 * Values as JSON, one a line, as fast as they are read.
 * @param onLeave is called when the reader leaves before the end
 */
export function lineStream(values: AsyncIterable<object>, onLeave: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = values[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
    cancel: async () => {
      onLeave();
      await iterator.return?.();
    },
  });
}
