import { EXIT_CODES_HELP } from "./exit_codes.ts";
import { COMMON_FLAGS, type Flag, type FlagName, FLAGS } from "./flags.ts";
import { columns, section, wrap } from "./layout.ts";
import { type Verb, VERBS } from "./verbs.ts";

const PROGRAM = "meshtailor";

/** What `--help` prints: all verbs, and the options of the first. */
export function helpPage(): string[] {
  const [run] = VERBS;
  return [
    "Fits garments, hair and armour to character bodies from a recipe.",
    ...section("usage", [
      `  ${PROGRAM} ${run.operands} [options]`,
      `  ${PROGRAM} VERB … [options]`,
      `  (${PROGRAM} stands for: deno run -RW cli.ts)`,
    ]),
    ...section("verbs", columns(VERBS.map(({ name, operands, summary }) => [`${name} ${operands}`, summary]))),
    ...section(`options of ${run.name}`, flagLines([...run.flags, ...COMMON_FLAGS])),
    ...section("examples", exampleLines(run)),
    ...section("exit codes", EXIT_CODES_HELP.split("\n").map((line) => `  ${line}`)),
    "",
    `${PROGRAM} VERB --help explains a verb, ${PROGRAM} RECIPE.yaml --help the parameters of a recipe.`,
  ];
}

/** What `VERB --help` prints. */
export function verbPage(verb: Verb): string[] {
  const { name, operands, summary, details, flags, permissions } = verb;
  return [
    ...wrap(`${PROGRAM} ${name}: ${summary}`),
    ...section("usage", [`  ${PROGRAM} ${name} ${operands}${flags.length === 0 ? "" : " [options]"}`]),
    ...details.flatMap((paragraph) => ["", ...wrap(paragraph)]),
    ...section("options", flagLines([...flags, ...COMMON_FLAGS])),
    ...section("examples", exampleLines(verb)),
    ...section("permissions", columns([[permissions]])),
    ...section("exit codes", EXIT_CODES_HELP.split("\n").map((line) => `  ${line}`)),
  ];
}

/** Flags, what they take, and one line each. */
export function flagLines(names: readonly FlagName[]): string[] {
  return columns(names.map((name) => {
    const { letter, value, doc } = FLAGS[name] as Flag;
    return [`${letter === undefined ? "" : `-${letter}, `}--${name}${value === undefined ? "" : ` ${value}`}`, doc];
  }));
}

function exampleLines({ examples }: Verb): string[] {
  return examples.map((example) => `  ${PROGRAM} ${example}`);
}
