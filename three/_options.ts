/**
 * Takes the options of one operation out of those of a call: what is `undefined`
 * is left out, so that the operation's default holds.
 *
 * @param defaults Of the operation; its keys are the operation's options.
 */
export function pickOptions<T extends object>(options: object, defaults: T): Partial<T> {
  const picked: Partial<T> = {};
  for (const key of Object.keys(defaults) as (keyof T & keyof typeof options)[]) {
    if (options[key] !== undefined) picked[key] = options[key];
  }
  return picked;
}

/**
 * Refuses options that nobody would read.
 *
 * @param failed What cannot be done, such as `Cannot fit "coat"`.
 * @throws {TypeError} If a key of `options` is not in `keys`.
 */
export function assertKeys(failed: string, options: object, keys: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (keys.includes(key)) continue;
    throw new TypeError(`${failed} as "${key}" is not an option here: there are ${keys.join(", ")}`);
  }
}
