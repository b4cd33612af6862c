/**
 * Reads the JSON object that a program gets as its only argument. The programs are started by this package alone,
 * so the shape is agreed, not checked.
 */
export function programArguments<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}
