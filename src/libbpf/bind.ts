import type { KoffiFunc, LibraryHandle } from 'koffi';

type Fn = (...args: never[]) => unknown;

/** A C function, typed by what its prototype means. */
export function bind<T extends Fn>(library: LibraryHandle, prototype: string): KoffiFunc<T> {
  return library.func(prototype) as KoffiFunc<T>;
}

/** Makes a value at the first call and gives it back at every call. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
