import { assertCatalogue, StepDefinitionError } from "../recipes/_assert_definition.ts";
import type { Step } from "../recipes/step.ts";
import { BUILT_IN_STEPS } from "../recipes/steps/mod.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import type { CliIO } from "./io.ts";

/**
 * The steps recipes of this command may use: the built-in ones, and those of the modules that `--steps` names. That
 * flag is the only way code comes in; a recipe cannot name any.
 *
 * @throws {UsageError} If a module cannot be loaded, holds no step, or one that cannot be used.
 */
export async function loadSteps({ steps: paths }: Pick<Arguments, "steps">, io: CliIO): Promise<readonly Step[]> {
  const catalogue = [...BUILT_IN_STEPS];
  for (const path of paths) {
    const own = stepsOf(await importFile(path, io), path);
    for (const step of own) {
      const { name } = step;
      try {
        assertCatalogue([step]);
      } catch (error) {
        throw new UsageError(`${(error as Error).message} (in "${path}")`);
      }
      if (catalogue.some((other) => other.name === name)) {
        const whose = BUILT_IN_STEPS.some((other) => other.name === name) ? "a built-in one has" : "another one has";
        throw new UsageError(`Cannot use step "${name}" of "${path}" as ${whose} that name: give it another`);
      }
      catalogue.push(step);
    }
  }
  return catalogue;
}

/** What a module exports that is meant as a step: its default, alone or as a list, and every other one that looks so. */
function stepsOf(module: Readonly<Record<string, unknown>>, path: string): Step[] {
  const { default: main, ...others } = module;
  const meant = [
    ...(main === undefined ? [] : Array.isArray(main) ? main : [main]),
    ...Object.values(others).filter(isLikeStep),
  ];
  if (meant.length > 0) return [...new Set(meant)] as Step[];
  const names = Object.keys(others);
  const found = names.length === 0 ? "it exports nothing" : `none of its exports is one (${names.join(", ")})`;
  throw new UsageError(`Cannot load steps from "${path}" as ${found}: write export default defineStep({ … })`);
}

function isLikeStep(value: unknown): boolean {
  return typeof value === "object" && value !== null && "run" in value && "name" in value;
}

async function importFile(path: string, io: CliIO): Promise<Record<string, unknown>> {
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) {
    throw new UsageError(
      `Cannot load steps from "${path}" as it must be a file here: write a module that exports what it imports from there`,
    );
  }
  const real = await Deno.realPath(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (real === undefined) {
    const near = await io.similarFile?.(path);
    const meant = near === undefined ? "" : `: did you mean "${near}"?`;
    throw new UsageError(`Cannot load steps from "${path}" as there is no such file${meant}`);
  }
  try {
    return await import(fileURL(real));
  } catch (error) {
    throw new UsageError(whyNot(error, path, real));
  }
}

/** The URL of an absolute path, whatever characters it has. */
function fileURL(path: string): string {
  if (path.startsWith("/")) return `file://${path.split("/").map(encodeURIComponent).join("/")}`;
  const [disk, ...parts] = path.replace(/^\\\\\?\\/, "").split(/[\\/]/);
  return `file:///${[disk, ...parts.map(encodeURIComponent)].join("/")}`;
}

/** Why a module did not load, in one sentence; whatever it threw. */
function whyNot(error: unknown, path: string, real: string): string {
  const { name, message = String(error) } = (error ?? {}) as Partial<Error>;
  // deno-lint-ignore no-control-regex -- the colours of Deno's own messages
  const lines = message.replaceAll(/\x1b\[[0-9;]*m/g, "").split("\n");
  const at = lines.map((line) => /^\s*at (.*?):(\d+:\d+)\s*$/.exec(line)).find((found) => found !== null);
  const first = lines[0].replace(/\.$/, "");
  const place = at === undefined || at === null ? "" : ` (${at[1].endsWith(real) ? path : at[1]}:${at[2]})`;
  if (error instanceof StepDefinitionError) return `${first} (in "${path}")`;
  const cannot = `Cannot load steps from "${path}" as `;
  const permission = /^Requires (\w+) access(?: to ("[^"]*"))?.*(--allow-\w+)/.exec(first);
  if (permission !== null) {
    const [, access, what, flag] = permission;
    return `${cannot}it needs ${access} access${what === undefined ? "" : ` to ${what}`}: run again with ${flag}`;
  }
  if (first.startsWith("SyntaxError: ")) return `${cannot}it is not TypeScript: ${first.slice(13)}${place}`;
  if (name === "SyntaxError" || /not found|does not exist|not in import map/i.test(first)) {
    return `${cannot}what it imports is not there: ${first}${place}`;
  }
  return `${cannot}it throws while it loads: ${first}`;
}
