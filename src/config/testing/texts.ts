/** Texts of configurations for tests, in YAML, each a whole one but for the part that a test gives. */

/** A proxy; what is given replaces its parts. */
export function proxy(parts: { listen?: string; target?: string; more?: string } = {}): string {
  const listen = parts.listen ?? '{ interfaces: eth0, port: 80 }';
  const target = parts.target ?? '{ ip: 10.0.0.1, port: 8080 }';
  return `proxies:\n  - name: web\n    listen: ${listen}\n    defaultTarget: ${target}\n${parts.more ?? ''}`;
}

export const listen = (text: string) => proxy({ listen: text });
export const target = (text: string) => proxy({ target: text });
export const more = (text: string) => proxy({ more: text });
export const settings = (text: string) => proxy({ more: `settings: ${text}\n` });
export const source = (text: string) =>
  more(`    sourceRoutes: [{ source: ${text}, target: { ip: 10.0.0.2, port: 1 } }]\n`);

/** What is wrong, a marked text that has it, and what is said of each mark. */
export type RefusedText = readonly [what: string, text: string, ...messages: string[]];
