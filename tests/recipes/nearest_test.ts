import { assertEquals } from "@std/assert";
import { nearest } from "../../recipes/nearest.ts";

const NAMES = ["mesh", "clearance", "maxInfluences", "recompute-normals", "rigid", "to"];

for (
  const [written, meant] of [
    ["clearence", "clearance"],
    ["claerance", "clearance"],
    ["Clearance", "clearance"],
    ["clearances", "clearance"],
    ["max_influences", "maxInfluences"],
    ["max-influences", "maxInfluences"],
    ["recompute_normals", "recompute-normals"],
    ["recomputeNormals", "recompute-normals"],
    ["meshes", "mesh"],
    ["ridgid", "rigid"],
    ["banana", undefined],
    ["", undefined],
    ["xx", undefined],
    ["c".repeat(65), undefined],
  ] as const
) {
  Deno.test(`nearest() takes "${written.slice(0, 20)}" for ${meant}`, () =>
    assertEquals(nearest(written, NAMES), meant));
}

Deno.test("nearest() prefers the fewest changes, then the first name", () => {
  assertEquals(nearest("bat", ["cats", "cat", "rat"]), "cat");
});

Deno.test("nearest() counts neighbours swapped as one change", () => {
  assertEquals(nearest("fti", ["fit"]), "fit");
});
