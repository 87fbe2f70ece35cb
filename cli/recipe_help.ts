import { describeRecipe, type ParameterDescription } from "../recipes/describe.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { Arguments } from "./arguments.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import type { CliIO } from "./io.ts";
import { columns, counted, plain, section, wrap } from "./layout.ts";
import { loadRecipe } from "./load_recipe.ts";

/** `meshtailor RECIPE.yaml --help`: what the recipe says about itself, and how to set its parameters. */
export async function recipeHelp(args: Arguments, io: CliIO): Promise<number> {
  const { path, texts, recipe, findings } = await loadRecipe(args, io);
  const described = describeRecipe(texts.get(path)!) ?? { name: "", description: "", parameters: [] };
  const { name, description, parameters } = described;
  const page = [
    ...wrap([name || path, description].filter((part) => part !== "").join(": ")),
    ...section("usage", [`  meshtailor ${path}${parameters.length === 0 ? "" : " [--set NAME=VALUE …]"} [options]`]),
    ...section("parameters", parameterLines(parameters)),
    ...(recipe === undefined ? [] : files(recipe)),
    "",
    findings.every(({ code }) => code === "missing-parameter")
      ? "meshtailor run --help explains the options."
      : `It has ${counted(findings.length, "fault")}: meshtailor check ${path} names ${
        findings.length === 1 ? "it" : "them"
      }.`,
  ];
  for (const line of page) io.print(plain(line));
  return EXIT_CODES.done;
}

function parameterLines(parameters: readonly ParameterDescription[]): string[] {
  return columns(parameters.map((parameter) => [
    parameter.name,
    parameter.default === undefined ? "must be set" : `default ${parameter.default}`,
    [parameter.doc, parameter.takes].filter((part) => part !== "").join(": "),
  ]));
}

function files({ inputs, steps, outputs }: Recipe): string[] {
  return [
    ...section("reads", columns(inputs.map(({ name, file }) => [name, file]))),
    ...section("does", columns(steps.map(({ step, mesh, as }) => [`${step.name} ${as ?? mesh}`, step.summary]))),
    ...section("writes", columns(outputs.map(({ name, file }) => [name, file]))),
  ];
}
