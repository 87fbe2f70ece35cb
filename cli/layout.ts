/** Columns of a page of text. */
export const PAGE_WIDTH = 100;

/** Rows of cells as lines: every column but the last as wide as its widest cell, the last one wrapped. */
export function columns(rows: readonly (readonly string[])[], indent = "  ", width = PAGE_WIDTH): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from(
    { length: count - 1 },
    (_, column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const hang = indent.length + widths.reduce((sum, width) => sum + width + 2, 0);
  return rows.flatMap((row) => {
    const lead = indent + widths.map((width, column) => `${(row[column] ?? "").padEnd(width)}  `).join("");
    const [first = "", ...rest] = wrap(row[count - 1] ?? "", Math.max(30, width - hang));
    return [`${lead}${first}`.trimEnd(), ...rest.map((line) => " ".repeat(hang) + line)];
  });
}

/** Text broken between words into lines of at most `width`, longer words apart. */
export function wrap(text: string, width = PAGE_WIDTH): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** A titled part of a page; nothing where it has no lines. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

/** A count with its noun: `1 fault`, `2 faults`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// deno-lint-ignore no-control-regex -- they are what must not reach a terminal
const UNPRINTABLE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from a file as a terminal may show it: nothing in it is obeyed. */
export function plain(text: string): string {
  return text.replaceAll(UNPRINTABLE, " ");
}

/** Time for people: `6.2 ms`, `1.18 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** Bytes for people: `167 KiB`, `3.00 MiB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 1024 * 1024 ? `${(count / 1024).toFixed(0)} KiB` : `${(count / 1024 / 1024).toFixed(2)} MiB`;
}
