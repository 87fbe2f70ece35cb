import { assert, assertEquals } from "@std/assert";
import { agreements, disagreements } from "../../bench/quality/judge.ts";
import { measureFiles } from "../../cli/_measure_files.ts";
import { fileIO } from "../../cli/file_io.ts";
import { DATA, hasData } from "../io/gltf/_data.ts";

/** Known answers of the samples, which an independent evaluator has measured. */
const CASES = [
  { id: "r04", body: "B1", garment: "shoes03__A", truth: "shoes03__B1" },
  { id: "r06", body: "B3", garment: "fedora__A", truth: "fedora__B3" },
  { id: "f01", body: "A", garment: "cuirass_low__misaligned_zup_x100", truth: "cuirass_low__A" },
];

for (const { id, body, garment, truth } of CASES) {
  Deno.test({
    name: `measure agrees with the evaluator within 1 % on the known answer of ${id}, in every figure both have`,
    ignore: !hasData,
    fn: async () => {
      const at = (path: string) => new URL(path, DATA).pathname;
      const references = JSON.parse(await Deno.readTextFile(new URL("reference_measures.json", DATA)));
      const paths = {
        garment: at(`truth/${truth}.glb`),
        against: at(`bodies/${body}.glb`),
        input: at(`garments/${garment}.glb`),
        truth: at(`truth/${truth}.glb`),
      };
      const all = agreements(await measureFiles(paths, fileIO({ out: ".", force: false })), references[id]);
      assert(all.length >= 38, `${all.length} figures`);
      assertEquals(disagreements(all), []);
    },
  });
}
