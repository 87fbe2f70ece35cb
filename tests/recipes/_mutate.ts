/** A small generator of numbers, the same for the same seed everywhere (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TOKENS = [
  ..."{}[]:,-?!&*#|>'\"%@`$\\~=\t \n\r\0",
  ": ",
  "- ",
  "? ",
  "${",
  "$$",
  "$x",
  "!!str ",
  "&a ",
  "*a",
  "<<: ",
  "---\n",
  "...\n",
  "\ufeff",
  "\u2028",
  "\u0085",
  "\ud800",
  "é",
  "💥",
  "null",
  "~",
  "no",
  "017",
  "0x1F",
  "1_000",
  ".inf",
  "1e400",
  "-0",
  "__proto__: ",
  "constructor: ",
  "[[[[",
  "{{{{",
  "  ",
  "\n  ",
  "'",
  '"',
  "|\n",
  ">-\n",
];

/** A text changed in one to four small ways, as slips of the finger and of the mind do. */
export function mutate(text: string, random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  let result = text;
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) {
    const at = Math.floor(random() * (result.length + 1));
    const lines = result.split("\n");
    const line = Math.floor(random() * lines.length);
    const kind = Math.floor(random() * 9);
    if (kind === 0) result = result.slice(0, at) + result.slice(at + 1);
    else if (kind === 1) result = result.slice(0, at) + pick(TOKENS) + result.slice(at);
    else if (kind === 2) result = result.slice(0, at) + pick(TOKENS) + result.slice(at + 1 + Math.floor(random() * 3));
    else if (kind === 3) result = lines.toSpliced(line, 1).join("\n");
    else if (kind === 4) result = lines.toSpliced(line, 0, lines[line]).join("\n");
    else if (kind === 5) {
      result = lines.with(line, " ".repeat(Math.floor(random() * 8)) + lines[line].trimStart()).join("\n");
    } else if (kind === 6) result = lines.toSpliced(line, 0, pick(lines)).join("\n");
    else if (kind === 7) result = result.slice(0, at);
    else {
      const from = Math.floor(random() * result.length);
      result = result.slice(0, at) + result.slice(from, from + Math.floor(random() * 30)) + result.slice(at);
    }
  }
  return result;
}
