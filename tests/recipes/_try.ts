import { parseRecipe } from "../../recipes/parse.ts";
import { formatIssue, ISSUE_CODES } from "../../recipes/issue.ts";
import { RECIPE, STEPS } from "./_catalogue.ts";
import { mutate, seeded } from "./_mutate.ts";
import { parse as parseYaml } from "@std/yaml";
import { RecipeDocument } from "../../recipes/_document.ts";
const r = seeded(Number(Deno.args[0] ?? 1));
const N = Number(Deno.args[1] ?? 3000);
const codes = new Map<string, number>();
const msgs = new Map<string, string>();
let ok = 0, worst = 0, dialect = 0;
function plain(v: unknown, d = 0): unknown {
  if (d > 70) return 0;
  if (v instanceof Map) return Object.fromEntries([...v].map(([k, x]) => [k, plain(x, d + 1)]).sort());
  if (Array.isArray(v)) return v.map((x) => plain(x, d + 1));
  if (v && typeof v === "object") {
    return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x, d + 1)] as const).sort() as any);
  }
  return v ?? null;
}
for (let i = 0; i < N; i++) {
  const text = mutate(RECIPE, r);
  const t = performance.now();
  let res;
  try {
    res = await parseRecipe(text, { path: "r.yaml", steps: STEPS });
  } catch (e) {
    console.log("THROW", JSON.stringify(text), e);
    throw e;
  }
  worst = Math.max(worst, performance.now() - t);
  if ((res.recipe === undefined) === (res.issues.length === 0)) console.log("XOR", JSON.stringify(text));
  if (res.recipe) ok++;
  const lines = text.split("\n");
  for (const issue of res.issues) {
    codes.set(issue.code, (codes.get(issue.code) ?? 0) + 1);
    const l = lines[issue.line - 1];
    if (
      l === undefined || issue.column < 1 || issue.column > l.length + 1 ||
      (issue.endColumn ?? Infinity) <= issue.column
    ) console.log("POS", issue, JSON.stringify(l));
    const f = formatIssue(issue, { path: "r.yaml", text });
    if (issue.code === "bad-yaml") {
      const k = issue.message.replace(/"[^"]*"|\d+/g, "_");
      if (!msgs.has(k)) msgs.set(k, f);
    }
    if (/The text is not YAML:|Here the text/.test(issue.message)) {
      dialect++;
      if (dialect < 12) console.log("DIALECT", f);
    }
  }
  // dialects
  try {
    const v = parseYaml(text, { schema: "failsafe" });
    const d = await RecipeDocument.open(text, true);
    if (d.issues.length === 0) {
      const a = JSON.stringify(plain(v)), b = JSON.stringify(plain(d.value()));
      if (a !== b && res.recipe) {
        let k = 0;
        while (a[k] === b[k]) k++;
        console.log(
          "DIFF",
          JSON.stringify(text.slice(Math.max(0, text.indexOf("50mm") - 100))),
          a.slice(Math.max(0, k - 30), k + 40),
          "|||",
          b.slice(Math.max(0, k - 30), k + 40),
        );
      }
    } else if (res.recipe) {
      console.log("ONLY NPM FAILS", text, d.issues[0].message, JSON.stringify(lines[d.issues[0].line - 1]));
    }
  } catch { /* */ }
}
console.log({ ok, worst, N });
console.log([...codes].sort((a, b) => b[1] - a[1]).map((x) => x.join(" ")).join(", "));
console.log("never:", Object.keys(ISSUE_CODES).filter((c) => !codes.has(c)).join(" "));
if (Deno.args[2]) { for (const m of msgs.values()) console.log(m); }
