import { InputFileError } from "./input_file_error.ts";

/** Longest piece of a file that a message repeats, characters. */
const MAX_QUOTED = 60;

/** A name or value of the file, on one line and cut short, for messages. */
export function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}

/** Makes the one sentence that refuses a file: file, JSON pointer, rule, what was found. */
export function fault(
  file: string,
  pointer: string | undefined,
  rule: string,
  found: string,
  cause?: unknown,
): InputFileError {
  const place = pointer === undefined ? "" : ` at ${pointer}`;
  const message = `Cannot read ${JSON.stringify(file)}${place} as ${rule}: ${found}`;
  return new InputFileError(
    message,
    pointer === undefined ? { file, cause } : { file, pointer, cause },
  );
}

/** Escapes a key for use in a JSON pointer (RFC 6901), kept short. */
export function pointerKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1").slice(0, MAX_QUOTED);
}

/** Checks values of one file's JSON; every method returns the value or refuses the file. */
export class Check {
  /** @param path The file as the caller named it. */
  constructor(readonly path: string) {}

  /** Refuses the file. */
  refuse(pointer: string | undefined, rule: string, found: string): never {
    throw fault(this.path, pointer, rule, found);
  }

  /** An object that is no array. */
  object(value: unknown, pointer: string): Readonly<Record<string, unknown>> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    return this.refuse(
      pointer,
      "it must be an object",
      `current value is ${show(value)}`,
    );
  }

  /** An array; an absent one is empty. */
  list(value: unknown, pointer: string): readonly unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    return this.refuse(
      pointer,
      "it must be a list",
      `current value is ${show(value)}`,
    );
  }

  /** A whole number from `min` to `max`; `why` says where the limit comes from. */
  integer(
    value: unknown,
    pointer: string,
    min: number,
    max = Number.MAX_SAFE_INTEGER,
    why = "",
  ): number {
    if (
      typeof value === "number" && Number.isSafeInteger(value) &&
      value >= min && value <= max
    ) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `>= ${min}` : max < min ? "absent" : `from ${min} to ${max}`;
    return this.refuse(
      pointer,
      `it must be a whole number ${range}${why && ` (${why})`}`,
      `current value is ${show(value)}`,
    );
  }

  /** An index into a top-level list of `length` entries. */
  link(value: unknown, pointer: string, list: string, length: number): number {
    if (
      typeof value === "number" && Number.isSafeInteger(value) && value >= 0 &&
      value < length
    ) return value;
    const rule = length === 0
      ? `it needs an entry of ${list}, and there is none`
      : `it must be an index into ${list} (0 to ${length - 1})`;
    return this.refuse(pointer, rule, `current value is ${show(value)}`);
  }

  /** `length` finite numbers; `undefined` stays. */
  numbers(
    value: unknown,
    pointer: string,
    length: number,
  ): readonly number[] | undefined {
    if (value === undefined) return undefined;
    const list = this.list(value, pointer);
    if (list.length !== length) {
      return this.refuse(
        pointer,
        `it must hold ${length} numbers`,
        `it holds ${list.length}`,
      );
    }
    const bad = list.findIndex((item) => typeof item !== "number" || !Number.isFinite(item));
    if (bad >= 0) {
      return this.refuse(
        `${pointer}/${bad}`,
        "it must be a finite number",
        `current value is ${show(list[bad])}`,
      );
    }
    return list as number[];
  }
}
