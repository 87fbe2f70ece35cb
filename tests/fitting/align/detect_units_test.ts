import { assertEquals } from "@std/assert";
import {
  detectUnits,
  detectUnitsBytes,
  LENGTH_UNITS,
  type LengthUnit,
  UP_AXES,
} from "../../../fitting/align/detect_units.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { cuirass, mannequinTarget, shoes } from "../_mannequin.ts";
import { meshOf } from "../_meshes.ts";
import { moved } from "../_more_meshes.ts";

const scope = new BufferScope();
const target = mannequinTarget(scope);

for (const units of Object.keys(LENGTH_UNITS) as LengthUnit[]) {
  Deno.test(`detectUnits() recognises ${units}, with Y and with Z up`, () => {
    using scratch = new BufferScope();
    const s = 1 / LENGTH_UNITS[units];
    for (const piece of [cuirass(), shoes()]) {
      const upright = detectUnits(moved(piece, (x, y, z) => [s * x, s * y, s * z]), target, scratch);
      assertEquals({ ...upright, confidence: upright.confidence > 0.5 }, {
        units,
        unitFactor: LENGTH_UNITS[units],
        upAxis: "y",
        confidence: true,
        liesWell: true,
      });
      const tipped = detectUnits(moved(piece, (x, y, z) => [s * x, -s * z, s * y]), target, scratch);
      assertEquals({ units: tipped.units, upAxis: tipped.upAxis, liesWell: tipped.liesWell }, {
        units,
        upAxis: "z",
        liesWell: true,
      });
    }
  });
}

Deno.test("detectUnits() says when it only guesses", () => {
  using scratch = new BufferScope();
  assertEquals(detectUnits(moved(cuirass(), (x, y, z) => [x + 3, y, z]), target, scratch).liesWell, false);
  assertEquals(detectUnits(meshOf([], []), target, scratch), {
    units: "m",
    unitFactor: 1,
    upAxis: "y",
    confidence: 0,
    liesWell: false,
  });
});

Deno.test("detectUnits() leases what it says and gives it back", () => {
  using scratch = new BufferScope();
  detectUnits(cuirass(), target, scratch);
  assertEquals(scratch.peakBytes, detectUnitsBytes({ targetVertexCount: target.mesh.positions.length / 3 }));
  assertEquals(scratch.inUseBytes, 0);
});

Deno.test("UP_AXES are turns: unit quaternions that bring the axis to +Y", () => {
  for (const [name, [x, y, z, w]] of Object.entries(UP_AXES)) {
    const sign = name.startsWith("-") ? -1 : 1, axis = name.at(-1);
    // second row of the matrix of the turn
    const row = { x: 2 * (x * y + z * w), y: 1 - 2 * (x * x + z * z), z: 2 * (y * z - x * w) } as Record<
      string,
      number
    >;
    assertEquals(Math.round(1e12 * sign * row[axis!]) / 1e12, 1, name);
    assertEquals(Math.round(1e12 * (x * x + y * y + z * z + w * w)) / 1e12, 1, name);
  }
});
