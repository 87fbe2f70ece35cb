import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  alignBounds,
  alignBoundsBytes,
  type AlignBoundsOptions,
  alignBoundsWork,
  type AlignReport,
} from "../../../fitting/align/align_bounds.ts";
import { LENGTH_UNITS, type LengthUnit, type UpAxis } from "../../../fitting/align/detect_units.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { bracer, cap, cuirass, mannequin, mannequinTarget, shoes, tube } from "../_mannequin.ts";
import { meshOf } from "../_meshes.ts";
import { joined, moved, unwelded } from "../_more_meshes.ts";

const scope = new BufferScope();
const target = mannequinTarget(scope);

function align(
  mesh: TriangleMesh,
  options: AlignBoundsOptions = {},
  on = target,
): { report: AlignReport; out: Float32Array } {
  using scratch = new BufferScope();
  const out = new Float32Array(mesh.positions.length);
  return { report: alignBounds(mesh, on, out, scratch, options), out };
}

/** Mean distance of the vertices that faces use, millimetres. */
function millimetresOff(out: Float32Array, truth: TriangleMesh): number {
  const used = [...new Set(truth.indices)];
  const sum = used.reduce(
    (total, v) => total + Math.hypot(...[0, 1, 2].map((k) => out[3 * v + k] - truth.positions[3 * v + k])),
    0,
  );
  return 1000 * sum / used.length;
}

/** Middle of the box around the vertices that faces use. */
function middleOfBox({ positions, indices }: TriangleMesh): number[] {
  return [0, 1, 2].map((k) => {
    const values = Array.from(indices, (v) => positions[3 * v + k]);
    return (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  });
}

/** Turned about Y, then Z, by degrees, then shifted. */
function displaced(mesh: TriangleMesh, yaw: number, roll: number, shift: readonly number[]): TriangleMesh {
  const cy = Math.cos(yaw * Math.PI / 180),
    sy = Math.sin(yaw * Math.PI / 180),
    cz = Math.cos(roll * Math.PI / 180),
    sz = Math.sin(roll * Math.PI / 180);
  return moved(mesh, (x, y, z) => {
    const u = cy * x + sy * z, w = cy * z - sy * x;
    return [cz * u - sz * y + shift[0], sz * u + cz * y + shift[1], w + shift[2]];
  });
}

/** How each axis is written where another one points up. */
const SAVED: Record<UpAxis, (x: number, y: number, z: number) => [number, number, number]> = {
  "y": (x, y, z) => [x, y, z],
  "z": (x, y, z) => [x, -z, y],
  "-z": (x, y, z) => [x, z, -y],
  "x": (x, y, z) => [y, -x, z],
  "-x": (x, y, z) => [-y, x, z],
  "-y": (x, y, z) => [-x, -y, z],
};

function saved(mesh: TriangleMesh, units: LengthUnit, upAxis: UpAxis): TriangleMesh {
  return moved(
    mesh,
    (x, y, z) => SAVED[upAxis](...[x, y, z].map((value) => value / LENGTH_UNITS[units]) as [number, number, number]),
  );
}

for (
  const [units, upAxis] of [["m", "y"], ["cm", "z"], ["mm", "y"], ["mm", "z"], ["dm", "z"], ["inch", "y"], [
    "inch",
    "z",
  ]] as const
) {
  Deno.test(`alignBounds() undoes ${units} with ${upAxis} up, and moves nothing else`, () => {
    for (const piece of [cuirass(), cap(), shoes(), bracer()]) {
      const { report, out } = align(saved(piece, units, upAxis));
      assertEquals({ units: report.units, upAxis: report.upAxis, kept: report.kept }, { units, upAxis, kept: true });
      assertEquals({ moved: report.moved, scale: report.scale, factor: report.unitFactor }, {
        moved: 0,
        scale: 1,
        factor: LENGTH_UNITS[units],
      });
      assertEquals(millimetresOff(out, piece) < 0.001, true);
      assertEquals(report.confidence > 0.5, true);
    }
  });
}

for (const upAxis of ["x", "-x", "-y", "-z"] as const) {
  Deno.test(`alignBounds() undoes ${upAxis} up when told so`, () => {
    const { report, out } = align(saved(cuirass(), "cm", upAxis), { units: "cm", upAxis });
    assertEquals({ kept: report.kept, upAxis: report.upAxis }, { kept: true, upAxis });
    assertEquals(millimetresOff(out, cuirass()) < 0.001, true);
  });
}

Deno.test("alignBounds() takes the ring around a cylinder back exactly from centimetres with Z up", () => {
  const body = tube(0, 1.7, () => 0.15, () => 0.15), ring = tube(0.9, 1.1, () => 0.17, () => 0.17);
  const { report, out } = align(saved(ring, "cm", "z"), {}, {
    mesh: body,
    index: SurfaceIndex.build(body, scope),
  });
  assertEquals({ units: report.units, upAxis: report.upAxis, kept: report.kept }, {
    units: "cm",
    upAxis: "z",
    kept: true,
  });
  for (let i = 0; i < out.length; i++) assertAlmostEquals(out[i], ring.positions[i], 1e-7);
  assertAlmostEquals(report.standOff, 0.02, 1e-3);
  assertEquals(report.insideFraction, 0);
});

Deno.test("alignBounds() undoes a unit about the world's zero, wherever the local one lies", () => {
  const origin = [3, 0.9, -7000] as const,
    local = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [x - origin[0], y - origin[1], z - origin[2]]);
  const piece = moved(cuirass(), (x, y, z) => [x + origin[0], y + origin[1], z + origin[2]]);
  const { report, out } = align(local(saved(piece, "cm", "z")), { origin });
  assertEquals({ units: report.units, upAxis: report.upAxis, kept: report.kept }, {
    units: "cm",
    upAxis: "z",
    kept: true,
  });
  assertEquals(millimetresOff(out, cuirass()) < 20, true); // 7 km in centimetres leaves steps of 6 cm in a float
});

/** What may come back, and how far off, millimetres: along an arm like an ellipsoid a bracer slides easily. */
const OFF_PLACE: [name: string, piece: TriangleMesh, limit: number][] = [
  ["cuirass", cuirass(), 6],
  ["cap", cap(), 8],
  ["pair of shoes", shoes(), 6],
  ["bracer", bracer(), 30],
];

for (const [name, piece, limit] of OFF_PLACE) {
  Deno.test(`alignBounds() brings a ${name} back that lies off place in centimetres`, () => {
    const { report, out } = align(saved(moved(piece, (x, y, z) => [x + 0.3, y - 0.25, z + 0.2]), "cm", "z"));
    assertEquals({ units: report.units, upAxis: report.upAxis, kept: report.kept }, {
      units: "cm",
      upAxis: "z",
      kept: false,
    });
    assertEquals(millimetresOff(out, piece) < limit, true, `${millimetresOff(out, piece)} mm off`);
    assertAlmostEquals(report.moved, Math.hypot(0.3, 0.25, 0.2), 0.001 * limit);
    assertAlmostEquals(report.scale, 1, 0.05);
  });
}

Deno.test("alignBounds() finds a turned piece's place, and says how far it turned", () => {
  const { report, out } = align(displaced(cuirass(), 25, -12, [0.4, 0.25, -0.3]));
  assertEquals(millimetresOff(out, cuirass()) < 15, true, `${millimetresOff(out, cuirass())} mm off`);
  assertAlmostEquals(report.rotationDeg, 27.7, 4);
});

Deno.test("alignBounds() scales a piece made for a smaller body, or leaves its size alone", () => {
  const small = moved(cuirass(), (x, y, z) => [0.85 * x, 0.85 * y, 0.85 * z]);
  const { report, out } = align(small);
  assertAlmostEquals(report.scale, 1 / 0.85, 0.1); // how far off the skin it was meant to be, nobody said
  assertEquals(millimetresOff(out, cuirass()) < 20, true, `${millimetresOff(out, cuirass())} mm off`);
  assertEquals(align(small, { scale: "none" }).report.scale, 1);
});

Deno.test("alignBounds() leaves what is only too narrow where it is, however much of it is inside", () => {
  for (const width of [0.8, 0.65, 0.5]) {
    const narrow = moved(cuirass(), (x, y, z) => [width * x, y, width * z]);
    for (const [units, upAxis] of [["m", "y"], ["cm", "z"]] as const) {
      const { report, out } = align(saved(narrow, units, upAxis));
      assertEquals({ kept: report.kept, scale: report.scale, units: report.units, upAxis: report.upAxis }, {
        kept: true,
        scale: 1,
        units,
        upAxis,
      });
      assertEquals(millimetresOff(out, narrow) < 0.001, true);
    }
  }
});

Deno.test("alignBounds() takes a piece out that is inside of a part it does not run along", () => {
  for (const piece of [cap(), moved(shoes(), (x, y, z) => [0.8 * x, y, z])]) {
    const [cx, cy, cz] = middleOfBox(piece), buried = moved(piece, (x, y, z) => [x - cx, y - cy + 1.14, z - cz]);
    const { report } = align(buried);
    assertEquals({ kept: report.kept, isInside: report.insideFraction > 0.4 }, { kept: false, isInside: false });
    assertEquals(report.moved > 0.3, true, `${report.moved}`);
  }
});

Deno.test('alignBounds() with scale "axis" also widens what is too narrow along one axis of its file', () => {
  const narrow = moved(cuirass(), (x, y, z) => [x, -0.8 * z, y]), whole = moved(cuirass(), (x, y, z) => [x, -z, y]);
  const { report, out } = align(narrow, { upAxis: "z", place: "search", scale: "axis" });
  const { out: uniform } = align(narrow, { upAxis: "z", place: "search" });
  assertEquals(report.stretchY > 1.06 * Math.max(report.stretchX, report.stretchZ), true, `${report.stretchY}`);
  assertEquals(millimetresOff(out, cuirass()) < 0.75 * millimetresOff(uniform, cuirass()), true);
  const { stretchX, stretchY, stretchZ } = align(whole, { place: "search" }).report;
  assertEquals([stretchX, stretchY, stretchZ], [1, 1, 1]);
});

Deno.test('alignBounds() with place "keep" only undoes unit and axis', () => {
  const { report, out } = align(saved(moved(cuirass(), (x, y, z) => [x + 0.02, y, z]), "cm", "z"), { place: "keep" });
  assertEquals({ kept: report.kept, moved: report.moved }, { kept: true, moved: 0 });
  assertEquals(Math.abs(millimetresOff(out, cuirass()) - 20) < 0.01, true);
});

Deno.test('alignBounds() with place "search" fits even what lies well', () => {
  const { report, out } = align(cuirass(), { place: "search" });
  assertEquals(report.kept, false);
  assertEquals(millimetresOff(out, cuirass()) < 6, true, `${millimetresOff(out, cuirass())} mm off`);
});

Deno.test("alignBounds() gives vertices no face uses no say, but takes them along", () => {
  const piece = cuirass(), stray = meshOf([...piece.positions, 0, 50, 0], piece.indices);
  const { report, out } = align(saved(stray, "cm", "z"));
  assertEquals({ units: report.units, kept: report.kept }, { units: "cm", kept: true });
  assertAlmostEquals(out[out.length - 2], 50, 1e-4);
});

Deno.test("alignBounds() does not care about seams, the order of vertices, or which side faces out", () => {
  const piece = moved(cuirass(), (x, y, z) => [x + 0.3, y, z]),
    split = unwelded(piece),
    flipped = { ...piece, indices: piece.indices.toReversed() };
  const { out } = align(piece), { out: ofSplit } = align(split), { out: ofFlipped } = align(flipped);
  for (let c = 0; c < piece.indices.length; c++) {
    for (let k = 0; k < 3; k++) assertEquals(ofSplit[3 * c + k], out[3 * piece.indices[c] + k]);
  }
  assertEquals(millimetresOff(ofFlipped, cuirass()) < 6, true);
});

Deno.test("alignBounds() moves with everything", () => {
  const shift = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [x + 4, y + 1, z - 2]);
  const body = shift(mannequin()), there = { mesh: body, index: SurfaceIndex.build(body, scope) };
  const piece = displaced(bracer(), 10, 5, [0.1, 0.2, 0.1]),
    { out } = align(piece),
    { out: shifted } = align(shift(piece), {}, there);
  const expected = shift({ positions: out, indices: piece.indices });
  assertEquals(millimetresOff(shifted, expected) < 1, true, `${millimetresOff(shifted, expected)} mm off`);
});

Deno.test("alignBounds() turns with everything about the vertical", () => {
  const turn = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [z, y, -x]);
  const body = turn(mannequin()), there = { mesh: body, index: SurfaceIndex.build(body, scope) };
  const piece = moved(cuirass(), (x, y, z) => [x + 0.2, y + 0.3, z]),
    { out } = align(piece),
    { out: turned } = align(turn(piece), {}, there);
  const expected = turn({ positions: out, indices: piece.indices });
  assertEquals(millimetresOff(turned, expected) < 3, true, `${millimetresOff(turned, expected)} mm off`);
});

Deno.test("alignBounds() gives the same bytes every time, also in place", () => {
  const piece = displaced(shoes(), 20, 0, [0.5, 0.1, 0]), { out } = align(piece);
  assertEquals(align(piece).out, out);
  using scratch = new BufferScope();
  alignBounds(piece, target, piece.positions, scratch);
  assertEquals(piece.positions, out);
});

Deno.test("alignBounds() makes something finite of pieces that are hardly any", () => {
  const sheet = meshOf([-0.1, 1.1, 0.2, 0.1, 1.1, 0.2, 0, 1.3, 0.2], [0, 1, 2]);
  const pieces = {
    empty: meshOf([], []),
    "one vertex": meshOf([1, 2, 3], []),
    "all equal": meshOf([1, 2, 3, 1, 2, 3, 1, 2, 3], [0, 1, 2]),
    sheet,
  };
  for (const [name, piece] of Object.entries(pieces)) {
    for (const place of ["auto", "keep", "search"] as const) {
      const { out, report } = align(piece, { place });
      assertEquals(out.every(Number.isFinite), true, name);
      if (name !== "sheet") {
        assertEquals({ kept: report.kept, out: [...out], confidence: report.confidence }, {
          kept: true,
          out: [...piece.positions],
          confidence: 0,
        });
      }
    }
  }
});

Deno.test("alignBounds() keeps a piece when there is no target to speak of", () => {
  for (const nothing of [meshOf([], []), meshOf([1, 1, 1], []), meshOf([1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 2])]) {
    const { report, out } = align(cuirass(), {}, { mesh: nothing, index: SurfaceIndex.build(nothing, scope) });
    assertEquals({ kept: report.kept, contact: report.contact }, { kept: true, contact: NaN });
    assertEquals(millimetresOff(out, cuirass()) < 1e-3, true);
  }
});

Deno.test("alignBounds() leaves a skirt where it hangs, also one saved in millimetres", () => {
  const skirt = tube(0.5, 1.02, (y) => 0.19 + 0.35 * (1.02 - y), (y) => 0.125 + 0.35 * (1.02 - y));
  for (const units of ["m", "mm"] as const) {
    const { report, out } = align(saved(skirt, units, "y"));
    assertEquals({ units: report.units, kept: report.kept }, { units, kept: true });
    assertEquals(millimetresOff(out, skirt) < 0.001, true);
  }
});

Deno.test("alignBounds() takes nothing to hang from the feet that would hang below the ground", () => {
  const gown = tube(0.45, 1.32, (y) => 0.175 + 0.3 * (1.32 - y), (y) => 0.112 + 0.3 * (1.32 - y));
  assertEquals(align(gown).report.kept, true);
  assertEquals(align(moved(gown, (x, y, z) => [x, y - 1.28, z])).report.kept, false);
});

Deno.test("alignBounds() leases what it says, gives it back, pauses, and is flat", () => {
  using scratch = new BufferScope();
  const piece = displaced(cap(), 0, 0, [0.5, 0.5, 0.5]), out = new Float32Array(piece.positions.length);
  let pauses = 0;
  for (const _ of alignBoundsWork(piece, target, out, scratch)) pauses++;
  assertEquals(scratch.peakBytes, alignBoundsBytes({ targetVertexCount: target.mesh.positions.length / 3 }));
  assertEquals(scratch.inUseBytes, 0);
  assertEquals(pauses > 100, true, `${pauses} pauses`);
  const { allocatedBytes } = scratch;
  alignBounds(piece, target, out, scratch);
  alignBounds(joined(piece, cap()), target, new Float32Array(2 * out.length), scratch);
  assertEquals(scratch.allocatedBytes, allocatedBytes);
});

Deno.test("alignBounds() leases as much for a piece that has no surface", () => {
  for (const nothing of [meshOf([], []), meshOf([1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 2])]) {
    using scratch = new BufferScope();
    alignBounds(nothing, target, new Float32Array(nothing.positions.length), scratch);
    assertEquals(scratch.peakBytes, alignBoundsBytes({ targetVertexCount: target.mesh.positions.length / 3 }));
  }
});

Deno.test("alignBounds() refuses options that are none", () => {
  const attempt = (options: object, length = 9) => () => {
    alignBounds(meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2]), target, new Float32Array(length), scope, options);
  };
  assertThrows(attempt({}, 6), RangeError, "Cannot align the mesh as out must hold 9 floats: it holds 6");
  assertThrows(
    attempt({ units: "ell" }),
    RangeError,
    'units must be one of auto, m, cm, mm, dm, inch, dam, hm: current value is "ell"',
  );
  assertThrows(
    attempt({ upAxis: "w" }),
    RangeError,
    'upAxis must be one of auto, y, z, -z, x, -x, -y: current value is "w"',
  );
  assertThrows(
    attempt({ place: "there" }),
    RangeError,
    'place must be one of auto, keep, search: current value is "there"',
  );
  assertThrows(
    attempt({ scale: "free" }),
    RangeError,
    'scale must be one of none, uniform, axis: current value is "free"',
  );
  assertThrows(
    attempt({ origin: [0, NaN, 0] }),
    RangeError,
    "origin must be three finite numbers: current value is [0, NaN, 0]",
  );
});
