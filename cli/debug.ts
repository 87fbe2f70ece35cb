import type { CliIO } from "./io.ts";

/** What `MESHTAILOR_DEBUG` may name, with commas between. */
export type Debug = "memory" | "trace";

/** Whether `MESHTAILOR_DEBUG` asks for it; a flag does too. */
export function isDebugged(what: Debug, io: CliIO): boolean {
  return (io.env?.("MESHTAILOR_DEBUG") ?? "").split(",").includes(what);
}
