/** The folder of sample files beside the checkout; absent in most checkouts. */
export const DATA = new URL("../../../shared/data/", import.meta.url);

/** A sample with a known answer; paths are relative to {@linkcode DATA}. */
export interface QualityCase {
  readonly id: string;
  readonly kind: "refit" | "fit" | "transfer";
  readonly garment: string;
  readonly target_body: string;
  readonly source_body?: string | null;
  readonly truth: string;
}

/** The samples with an answer, or those of `ids`; `undefined` where there are no samples. */
export async function qualityCases(ids: readonly string[]): Promise<QualityCase[] | undefined> {
  const text = await Deno.readTextFile(new URL("manifest.json", DATA)).catch(() => undefined);
  if (text === undefined) return undefined;
  const { cases } = JSON.parse(text) as { cases: (QualityCase | { id: string; kind: "dirty" })[] };
  return cases.filter((one): one is QualityCase => one.kind !== "dirty" && (ids.length === 0 || ids.includes(one.id)));
}

/** The one recipe of all cases of a kind: nothing is tuned. */
const STEPS = {
  refit: `  - fit: { mesh: garment, from: source, to: body, clearance: 2mm }
  - recompute-normals: { mesh: garment }
  - transfer-weights: { mesh: garment, from: body }`,
  fit: `  - align: { mesh: garment, to: body }
  - fit: { mesh: garment, to: body, clearance: 2mm }
  - recompute-normals: { mesh: garment }
  - transfer-weights: { mesh: garment, from: body }`,
  transfer: "  - transfer-weights: { mesh: garment, from: body }",
};

/** The recipe of a case; its output is `ID.glb`. */
export function recipeFor({ id, kind, garment, target_body, source_body }: QualityCase): string {
  const at = (path: string) => JSON.stringify(new URL(path, DATA).pathname);
  const source = kind === "refit" ? `  source: ${at(source_body!)}\n` : "";
  return `version: 1
name: ${id}
inputs:
  body: ${at(target_body)}
${source}  garment: ${at(garment)}
steps:
${STEPS[kind]}
outputs:
  fitted: { mesh: garment, file: ${id}.glb }
`;
}
