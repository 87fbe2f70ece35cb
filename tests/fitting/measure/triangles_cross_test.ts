import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { crossingDepth, trianglesCross } from "../../../fitting/measure/_triangles_cross.ts";

/** A large triangle in the plane z = 0, and one that stands on its tip at height `tip` over (x, 1). */
function pair(tip: number, x = 1): Float32Array {
  return Float32Array.of(0, 0, 0, 4, 0, 0, 0, 4, 0, x, 1, tip, x, 1, 1, x + 0.5, 1, 1);
}

Deno.test("crossingDepth() is how far a tip sticks through", () => {
  for (const depth of [0.5, 0.25, 0.01]) {
    assertAlmostEquals(crossingDepth(pair(-depth), 0, 3, 6, 9, 12, 15), depth, 1e-6);
  }
});

Deno.test("crossingDepth() falls to nothing as a side comes to a rim", () => {
  // the line x + y = 4 is the far rim; at y = 1 it is at x = 3, and the tip goes through it at an angle of 45°
  for (const inside of [0.5, 0.1, 0.001]) {
    const depth = crossingDepth(pair(-0.9, 3 - inside), 0, 3, 6, 9, 12, 15);
    assertGreater(depth, inside / Math.SQRT2 - 1e-6);
    assertLess(depth, inside + 1e-6);
  }
});

Deno.test("crossingDepth() is 0 just where triangles do not cross, whichever comes first", () => {
  for (const mesh of [pair(0.1), pair(0), pair(-0.5, 3.5), pair(-0.5, -1)]) {
    assertEquals(trianglesCross(mesh, 0, 3, 6, 9, 12, 15, 0), false);
    assertEquals([crossingDepth(mesh, 0, 3, 6, 9, 12, 15), crossingDepth(mesh, 9, 12, 15, 0, 3, 6)], [0, 0]);
  }
});
