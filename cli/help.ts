import { EXIT_CODES_HELP } from "./exit_codes.ts";

/** What `--help` prints. */
export const HELP = `Fits garments, hair and armour to character bodies from a recipe.

usage
  deno run -RW cli.ts RECIPE.yaml [options]

examples
  deno run -RW cli.ts recipes/library/cuirass.yaml
  deno run -RW cli.ts recipes/library/cuirass.yaml --set clearance=8mm --out build
  deno run -R=. -W=build cli.ts armor.yaml --out build --json > report.json

options
  --set NAME=VALUE   set a parameter of the recipe; may be repeated
  -o, --out DIR      folder the outputs are relative to (default: the working directory)
  --force            replace files that Meshtailor did not write
  --json             print the report as JSON
  -q, --quiet        print nothing unless something fails
  -h, --help         print this
  -V, --version      print the version

permissions
  -R reads the recipe, its inputs and the folder of an output; -W writes the outputs.
  Inputs are relative to the recipe, outputs to --out. Nothing is written unless every step succeeds.

exit codes
  ${EXIT_CODES_HELP.replace("\n", "\n  ")}`;
