import type { CliIO } from "./main.ts";
import { fileIO } from "./file_io.ts";

/** The terminal, the files and Ctrl-C of this process. */
export function terminal(): CliIO {
  return {
    // deno-lint-ignore no-console -- the one place that speaks
    print: (line) => console.log(line),
    // deno-lint-ignore no-console -- the one place that speaks
    fault: (line) => console.error(line),
    ...(Deno.stderr.isTerminal()
      ? { status: (text) => Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[2K${text}`)) }
      : {}),
    color: Deno.stderr.isTerminal() && !Deno.noColor,
    files: fileIO,
    onInterrupt: (listener) => {
      Deno.addSignalListener("SIGINT", listener);
      return () => Deno.removeSignalListener("SIGINT", listener);
    },
  };
}
