import type { CliIO } from "./io.ts";

/** The terminal, the files and Ctrl-C of this process. */
export function terminal(): CliIO {
  const isTerminal = Deno.stderr.isTerminal();
  return {
    // deno-lint-ignore no-console -- the one place that speaks
    print: (line) => console.log(line),
    // deno-lint-ignore no-console -- the one place that speaks
    fault: (line) => console.error(line),
    ...(isTerminal ? { status: statusLine() } : {}),
    color: isTerminal && !Deno.noColor,
    onInterrupt,
    similarFile: async (path) => (await import("./similar_file.ts")).similarFile(path),
    env: (name) =>
      Deno.permissions.querySync({ name: "env", variable: name }).state === "granted" ? Deno.env.get(name) : undefined,
  };
}

/** Writes over the line before, and clears only what that leaves behind: so nothing flickers. */
function statusLine(): (text: string) => void {
  const encoder = new TextEncoder();
  let shown = "";
  return (text) => {
    const line = text.slice(0, columnsOfTerminal() - 1);
    if (line === shown) return;
    shown = line;
    Deno.stderr.writeSync(encoder.encode(`\r${line}\x1b[K`));
  };
}

const UNKNOWN_COLUMNS = 80;

function columnsOfTerminal(): number {
  try {
    return Deno.consoleSize().columns || UNKNOWN_COLUMNS; // some pseudo-terminals say 0
  } catch {
    return UNKNOWN_COLUMNS;
  }
}

/** The first Ctrl-C is the listener's; a second one finds none and ends the process at once. */
function onInterrupt(listener: () => void): () => void {
  const stop = () => Deno.removeSignalListener("SIGINT", first);
  const first = () => {
    stop();
    listener();
  };
  Deno.addSignalListener("SIGINT", first);
  return stop;
}
