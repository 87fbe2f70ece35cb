/** Counts buffers that are made from now on, by whatever constructor or method; returns what reads the count. */
export function countBuffers(): () => number {
  let made = 0;
  const globals = globalThis as unknown as Record<string, new (...args: never[]) => object>;
  for (const type of ["Float32", "Float64", "Int8", "Int16", "Int32", "Uint8", "Uint16", "Uint32", "Uint8Clamped"]) {
    count(`${type}Array`);
  }
  count("ArrayBuffer");
  return () => made;

  function count(name: string): void {
    const original = globals[name];
    const counting: typeof original = new Proxy(original, {
      construct(target, args, newTarget) {
        if (!(args[0] instanceof ArrayBuffer)) made++; // else a view, of a buffer that was counted
        return Reflect.construct(target, args, newTarget === counting ? target : newTarget);
      },
    });
    globals[name] = counting;
    original.prototype.constructor = counting; // slice, map and the like make theirs by this
  }
}
