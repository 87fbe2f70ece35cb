/** What was thrown, as sentences for a person: never a stack trace, except for faults of our own when asked for. */
export function explain(error: unknown): string[] {
  const name = (error as Error)?.name;
  if (name === "AbortError") return ["interrupted: nothing was written"];
  if (name === "NotCapable") return [`error: ${missingPermission((error as Error).message)}`];
  return [`error: ${(error as Error)?.message ?? String(error)}`];
}

/** Deno says `Requires read access to "a.glb", run again with the --allow-read flag`. */
function missingPermission(message: string): string {
  const found = /Requires (\w+) access(?: to "?([^",]+)"?)?.*--allow-(\w+)/.exec(message);
  if (found === null) return message;
  const [, access, what = "it", flag] = found;
  const verb = access === "write" ? "write" : access === "read" ? "read" : "use";
  return `Cannot ${verb} ${
    JSON.stringify(what)
  } without permission: run again with --allow-${flag} (deno run -RW cli.ts …)`;
}
