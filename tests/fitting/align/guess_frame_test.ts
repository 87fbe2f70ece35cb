import { assertEquals } from "@std/assert";
import { guessFrame } from "../../../fitting/align/guess_frame.ts";
import { hasData } from "../../io/gltf/_data.ts";
import { readSample } from "../../io/gltf/_data.ts";
import { openGltf } from "../../../io/mod.ts";
import { readAll } from "../../io/gltf/_reading.ts";
import { icosphere, meshOf } from "../_meshes.ts";
import { moved } from "../_more_meshes.ts";

/** An egg that stands on the y axis, narrow above, fuller in front. */
function figure(height: number) {
  return moved(icosphere(3), (x, y, z) => {
    const wide = height * (0.2 - 0.08 * y);
    return [wide * x, height * (0.5 + 0.5 * y), 0.6 * wide * z + 0.02 * height * z * z];
  });
}

Deno.test("guessFrame() tells units by size, likeliest first", () => {
  const first = (height: number) => guessFrame(figure(height)).units[0];
  assertEquals([1.7, 170, 1700, 1e6].map(first), ["m", "cm", "mm", undefined]);
  assertEquals(guessFrame(figure(14)).units, ["cm", "dm", "inch"]);
  assertEquals(guessFrame(meshOf([], [])), { units: [], upAxis: "unclear", sideAxis: "x" });
});

Deno.test("guessFrame() tells the up axis by symmetry and height, whichever way a file has it", () => {
  const frame = (mesh: ReturnType<typeof figure>) => {
    const { upAxis, sideAxis } = guessFrame(mesh);
    return [upAxis, sideAxis];
  };
  assertEquals(frame(figure(1.7)), ["y", "x"]);
  assertEquals(frame(moved(figure(1.7), (x, y, z) => [x, -z, y])), ["z", "x"]);
  assertEquals(frame(moved(figure(1.7), (x, y, z) => [y, x, -z])), ["x", "y"]);
  const onItsHead = moved(figure(0.3), (x, y, z) => [x, -1.5 - y, -z]);
  assertEquals(frame(onItsHead), ["-y", "x"]);
  assertEquals(guessFrame(icosphere(2)).upAxis, "unclear");
  assertEquals(guessFrame(figure(1.7), { origin: [0, 0, 5000] }).upAxis, "z");
  assertEquals(guessFrame(figure(1.7), { origin: [0, 900, 5000] }).upAxis, "unclear");
});

Deno.test({
  name: "guessFrame() reads sample bodies and garments right",
  ignore: !hasData,
  fn: async () => {
    const guess = async (path: string) => {
      const { units, upAxis } = guessFrame(readAll(await openGltf(readSample(path), { path })));
      return [units[0], upAxis];
    };
    assertEquals(await guess("bodies/A.glb"), ["m", "y"]);
    assertEquals(await guess("garments/male_casualsuit01__A.glb"), ["m", "y"]);
    assertEquals(await guess("garments/fedora__A.glb"), ["m", "y"]);
    assertEquals(await guess("garments/shoes03__A.glb"), ["m", "unclear"]);
    assertEquals(await guess("garments/cuirass_low__misaligned_zup_x100.glb"), ["cm", "z"]);
  },
});
