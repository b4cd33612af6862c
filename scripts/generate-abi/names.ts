/** `flow_key` or `FLOW_KEY` -> `FlowKey`. */
export function pascalCase(name: string): string {
  return words(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `slot_base` or `SLOT_BASE` -> `slotBase`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** `flow_key` -> `FLOW_KEY`. */
export function upperCase(name: string): string {
  return words(name).join('_').toUpperCase();
}

/**
 * What enumerators begin with and their names in TypeScript leave out: the name of the enum when all of them begin with
 * it, else whatever they share up to a `_`.
 */
export function commonPrefix(enumName: string, enumerators: readonly string[]): string {
  const own = `${upperCase(enumName)}_`;
  if (enumerators.every((name) => name.startsWith(own))) return own;
  const [first = '', ...others] = enumerators;
  let length = first.lastIndexOf('_') + 1;
  while (length > 0 && !others.every((name) => name.startsWith(first.slice(0, length)))) {
    length = first.lastIndexOf('_', length - 2) + 1;
  }
  return first.slice(0, length);
}

function words(name: string): string[] {
  return name
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
}
