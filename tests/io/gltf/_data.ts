/** The folder of sample files beside the checkout; absent in most checkouts. */
export const DATA = new URL("../../../../shared/data/", import.meta.url);

/** A case of the samples that is broken or unusual. */
export interface DirtyCase {
  id: string;
  kind: string;
  garment: string;
  expect: "process" | "reject-with-message" | "process-or-reject-with-message";
}

function manifest(): {
  cases: DirtyCase[];
  files: { path?: string; file?: string }[];
} | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL("manifest.json", DATA)));
  } catch {
    return undefined;
  }
}

const found = manifest();
/** Whether the samples are there (and may be read). */
export const hasData = found !== undefined;
/** The broken and unusual ones. */
export const dirtyCases: DirtyCase[] = (found?.cases ?? []).filter(({ kind }) => kind === "dirty");

/** The bytes of a sample. */
export function readSample(path: string): Uint8Array {
  return Deno.readFileSync(new URL(path, DATA));
}

/** Names of the samples in a folder. */
export function samplesIn(folder: string): string[] {
  if (!hasData) return [];
  return [...Deno.readDirSync(new URL(`${folder}/`, DATA))].map(({ name }) => `${folder}/${name}`).filter((name) =>
    name.endsWith(".glb")
  ).sort();
}
