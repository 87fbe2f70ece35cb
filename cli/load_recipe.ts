import { nearest } from "../recipes/nearest.ts";
import { type ParsedParams, parseParams } from "../recipes/params_file.ts";
import { type ParsedRecipe, parseRecipe } from "../recipes/parse.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import type { FileIO } from "./file_io.ts";
import { type Finding, ofIssue } from "./findings.ts";
import type { CliIO } from "./io.ts";
import { loadSteps } from "./load_steps.ts";
import { VERBS } from "./verbs.ts";

/** A recipe as the command line names it, read and checked. */
export interface LoadedRecipe extends Pick<ParsedRecipe, "recipe" | "inputs"> {
  /** As it was named. */
  readonly path: string;
  /** Everything that is wrong with it, or with the file of `--params`. */
  readonly findings: readonly Finding[];
  /** The texts that findings point into, by their files. */
  readonly texts: ReadonlyMap<string, string>;
  /** The file access of this command. */
  readonly files: FileIO;
}

/**
 * Reads the recipe a command names, with the values that `--params` and `--set` give its parameters.
 *
 * @throws {UsageError} If there is no such file, or a module of `--steps` cannot be used.
 */
export async function loadRecipe(args: Arguments, io: CliIO): Promise<LoadedRecipe> {
  const { operands: [path], values, set } = args;
  const files = await openFiles(args, io);
  const text = await readText(path, "the recipe", files, io).catch((error) => {
    throw args.isNamed ? error : asVerb(error, path);
  });
  const steps = await loadSteps(args, io);
  const params = values.params === undefined ? NO_PARAMS : await readParams(values.params, files, io);
  const loaded = { path, files, texts: new Map([...params.texts, [path, text]]) };
  if (params.findings.length > 0) return { ...loaded, recipe: undefined, inputs: [], findings: params.findings };
  const { recipe, issues, inputs } = await parseRecipe(text, {
    path,
    steps,
    set: { ...params.values, ...set },
    setPlaces: Object.fromEntries(Object.entries(params.places).filter(([name]) => !Object.hasOwn(set, name))),
  });
  return { ...loaded, recipe, inputs, findings: issues.map((issue) => ofIssue(issue, path)) };
}

async function openFiles({ values, on }: Arguments, io: CliIO): Promise<FileIO> {
  const options = {
    out: values.out ?? ".",
    force: on.has("force"),
    ...(values.root === undefined ? {} : { root: values.root }),
  };
  return io.files === undefined ? (await import("./file_io.ts")).fileIO(options) : await io.files(options);
}

/** A text file; what is not UTF-8 in it is refused later, with its place. */
async function readText(path: string, what: string, files: FileIO, io: CliIO): Promise<string> {
  try {
    return new TextDecoder().decode(await files.readRecipe(path));
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== "RecipeError") throw error;
    const near = message.endsWith("there is no such file") ? await io.similarFile?.(path) : undefined;
    const sentence = message.replace("the recipe", what);
    throw new UsageError(near === undefined ? sentence : `${sentence}: did you mean "${near}"?`);
  }
}

/** Where there is no such file, the word may have been meant for a verb. */
function asVerb(error: Error, word: string): Error {
  const meant = error.name === "UsageError" ? nearest(word, VERBS.map(({ name }) => name)) : undefined;
  return meant === undefined ? error : new UsageError(`Cannot run as "${word}" is no verb: did you mean "${meant}"?`);
}

interface Params extends Pick<ParsedParams, "values" | "places"> {
  readonly findings: readonly Finding[];
  readonly texts: readonly (readonly [string, string])[];
}

const NO_PARAMS: Params = { values: {}, places: {}, findings: [], texts: [] };

async function readParams(path: string, files: FileIO, io: CliIO): Promise<Params> {
  const text = await readText(path, "the parameters in", files, io);
  const { values, places, issues } = await parseParams(text);
  return {
    values,
    places: Object.fromEntries(Object.entries(places).map(([name, at]) => [name, `${path}:${at}`])),
    findings: issues.map((issue) => ofIssue(issue, path)),
    texts: [[path, text]],
  };
}
