import { parseRecipe } from "../../recipes/parse.ts";
import { formatIssue } from "../../recipes/issue.ts";
import { RECIPE, STEPS } from "./_catalogue.ts";
const MB = 1024 * 1024;
const cases: Record<string, string> = {};
const body = "version: 1\ninputs: {a: a.glb}\nsteps: []\noutputs: {}\n";
for (
  const unit of [
    "[",
    "{",
    "- ",
    "a: ",
    "- - ",
    "? ",
    "\t",
    "\n\t",
    "\n \t",
    "'",
    '"',
    '"a" ',
    "&a ",
    "*a ",
    "!",
    "! ",
    "!!str ",
    "#",
    " #",
    "\n#",
    "\n",
    "\r\n",
    ",",
    "[],",
    "{},",
    "[a,b],",
    "{a: 1},",
    "$",
    "${",
    "${a} ",
    "a\n",
    "a:\n",
    "- a\n",
    "k: v\n",
    "x ",
    "é",
    "💥",
    "\\",
    '"\\',
    "|\n",
    "> \n",
    "\n---\n",
    "\n...\n",
    "%",
    "%A\n",
    "%TAG ! b\n",
    "<<: ",
    "<<: a\n",
    "*a\n",
    ":",
    ": ",
    ":\n",
    "?\n",
    "''",
    "a: 'b'\n",
    "[*a,",
    "&a [",
    "- &a [\n",
    "\n  - smooth: { mesh: b }",
    "1,",
    "0",
    "1",
    " 1e",
    "\u0085",
    "\u2028",
  ]
) {
  cases["raw " + JSON.stringify(unit)] = unit.repeat(Math.floor((MB - 10) / new TextEncoder().encode(unit).length));
  cases["desc " + JSON.stringify(unit)] = body + "description: " +
    unit.repeat(Math.floor((MB - 100) / new TextEncoder().encode(unit).length));
  cases["quoted " + JSON.stringify(unit)] = body + 'description: "' +
    unit.repeat(Math.floor((MB - 100) / new TextEncoder().encode(unit).length)) + '"';
}
const n = 60000;
cases["dup keys"] = Array.from({ length: n }, (_, i) => `k${i % 1000}: v`).join("\n");
cases["uniq keys"] = Array.from({ length: n }, (_, i) => `k${i}: v`).join("\n");
cases["inputs"] = "version: 1\nsteps: []\noutputs: {}\ninputs:\n" +
  Array.from({ length: 40000 }, (_, i) => `  i${i}: v.glb`).join("\n");
cases["bad names"] = "version: 1\ninputs:\n" + Array.from({ length: 10000 }, (_, i) => `  in${i}: v.glb`).join("\n") +
  "\noutputs: {}\nsteps:\n" +
  Array.from({ length: 10000 }, (_, i) => `  - smooth: { mesh: im${i}, iterations: 1 }`).join("\n");
cases["aliases"] = "a: &a x\nb: [" + "*a,".repeat(300000) + "]";
cases["anchors"] = Array.from({ length: 40000 }, (_, i) => `- &a${i} x`).join("\n");
cases["anchors+aliases"] = Array.from({ length: 20000 }, (_, i) => `- &a${i} x\n- *a${i}`).join("\n");
cases["chain"] = "a0: &a0 x\n" + Array.from({ length: 20000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`).join("\n");
cases["refs"] = RECIPE.replace("${variant}-parts", () => "${variant}".repeat(90000));
cases["dollars"] = RECIPE.replace("${variant}-parts", () => "$".repeat(900000));
cases["50MB"] = "a".repeat(50 * MB);
cases["digits"] = RECIPE.replace("iterations: 12", "iterations: " + "9".repeat(900000));
cases["digits,"] = RECIPE.replace("clearance: $clearance", "clearance: " + "1,".repeat(400000) + "x y");
cases["params"] = body + "params:\n" +
  Array.from({ length: 15000 }, (_, i) => `  p${i}: { type: length, default: ${i}x }`).join("\n");
cases["enum"] = RECIPE.replace("values: [auto, none]", "values: [auto, none, " + "x, ".repeat(200000) + "y]");
cases["path"] = RECIPE.replace("file: out/armor.glb", "file: " + "a/".repeat(400000) + "x.glb");
cases["path2"] = RECIPE.replace("file: out/armor.glb", "file: " + ".".repeat(900000));
cases["alias name"] = RECIPE.replace("mesh: armor", "mesh: " + "-".repeat(900000));
cases["alias name2"] = RECIPE.replace("mesh: armor", "mesh: " + "a ".repeat(400000));
cases["glued"] = RECIPE.replace("iterations: 12", "iterations " + "a ".repeat(400000) + ": 1");
for (const [name, text] of Object.entries(cases)) {
  const t = performance.now();
  let out = "";
  try {
    const { recipe, issues } = await parseRecipe(text, { path: "r", steps: STEPS });
    out = recipe
      ? "OK"
      : issues.length + " " + formatIssue(issues[0], { path: "r", text }).slice(0, 150).split("\n")[0];
  } catch (e) {
    out = "THROW " + (e as Error).stack?.slice(0, 500);
  }
  const ms = performance.now() - t;
  if (ms > 400 || out.startsWith("THROW")) console.log(name, ms.toFixed(0) + "ms", out);
}
