import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { validateBytes } from "gltf-validator";
import { demoAssets } from "../../tools/demo_assets.ts";
import { directedEdges, type Glb, islands, readGlb, signedDistances, volume } from "./_glb.ts";

const FOLDER = new URL("../../recipes/library/meshes/", import.meta.url);
const BODIES = ["mannequin_slim.glb", "mannequin_heavy.glb"];
const ALL = [...BODIES, "cuirass.glb"];

function committed(name: string): Uint8Array {
  return Deno.readFileSync(new URL(name, FOLDER));
}

function read(name: string): Glb {
  return readGlb(committed(name));
}

function extent({ positions }: Glb, axis: number): [number, number] {
  const column = positions.filter((_, i) => i % 3 === axis);
  return [column.reduce((a, b) => Math.min(a, b)), column.reduce((a, b) => Math.max(a, b))];
}

Deno.test("demoAssets() makes the committed files, byte for byte", () => {
  const made = demoAssets();
  assertEquals([...made.keys()].sort(), [...ALL].sort());
  for (const [name, bytes] of made) {
    const file = committed(name);
    assertEquals(bytes.length, file.length, name);
    const different = bytes.findIndex((byte, i) => byte !== file[i]);
    assertEquals(different, -1, `${name} differs: run deno task demo`);
  }
});

Deno.test("the demo files stay below 500 kB in all", () => {
  assertLess(ALL.reduce((sum, name) => sum + committed(name).length, 0), 500_000);
});

for (const name of ALL) {
  Deno.test(`${name} has nothing the Khronos validator complains of`, async () => {
    const { issues } = await validateBytes(committed(name));
    const serious = issues.messages.filter(({ severity }: { severity: number }) => severity < 2);
    assertEquals(serious, []);
  });

  Deno.test(`${name} has unit normals on the faces' side and texture coordinates in the unit square`, () => {
    const { normals, uvs, indices, positions } = read(name);
    for (let i = 0; i < normals.length; i += 3) {
      assertAlmostEquals(normals[i] ** 2 + normals[i + 1] ** 2 + normals[i + 2] ** 2, 1, 1e-5);
    }
    assert(uvs.every((value) => value >= 0 && value <= 1));
    let opposed = 0;
    for (let f = 0; f < indices.length; f += 3) {
      const [a, b, c] = [indices[f], indices[f + 1], indices[f + 2]];
      const edge = (from: number, to: number, k: number) => positions[3 * to + k] - positions[3 * from + k];
      const along = [0, 1, 2].map((k) => {
        const [p, q] = [(k + 1) % 3, (k + 2) % 3];
        return edge(a, b, p) * edge(a, c, q) - edge(a, b, q) * edge(a, c, p);
      });
      for (const v of [a, b, c]) {
        if (along[0] * normals[3 * v] + along[1] * normals[3 * v + 1] + along[2] * normals[3 * v + 2] <= 0) opposed++;
      }
    }
    assertEquals(opposed, 0);
  });
}

for (const name of BODIES) {
  Deno.test(`${name} is watertight, faces outwards and is the same on both sides`, () => {
    const body = read(name);
    const edges = directedEdges(body);
    for (const [edge, uses] of edges) {
      assertEquals(uses, 1, edge);
      assertEquals(edges.get(edge.split(" ").reverse().join(" ")), 1, `${edge} is open`);
    }
    assertEquals(islands(body).length, 1);
    assertGreater(volume(body), 0.04); // a person of 1.75 m has some 0.07 m³
    const { positions } = body, places = new Set<string>();
    for (let i = 0; i < positions.length; i += 3) places.add(positions.subarray(i, i + 3).join());
    for (let i = 0; i < positions.length; i += 3) {
      assert(places.has([positions[i] === 0 ? 0 : -positions[i], positions[i + 1], positions[i + 2]].join()));
    }
  });

  Deno.test(`${name} doubles vertices along texture seams, as exports do`, () => {
    const { welded } = read(name);
    const doubled = welded.filter((lowest, v) => lowest !== v).length;
    assertGreater(doubled, 100);
    assertLess(doubled, welded.length / 4);
  });

  Deno.test(`${name} stands on the floor, looks to +z and has its left at +x`, () => {
    const body = read(name), { json, inverseBindMatrices: matrices } = body;
    const [bottom, top] = extent(body, 1);
    assertEquals(bottom, 0);
    assertGreater(top, 1.74);
    assertLess(top, 1.8);
    const place = (joint: string) => {
      const j = json.skins[0].joints.findIndex((node: number) => json.nodes[node].name === joint);
      return [12, 13, 14].map((k) => -matrices![16 * j + k]);
    };
    assertGreater(place("hand.L")[0], 0.5);
    assertEquals(place("hand.R"), [-place("hand.L")[0], place("hand.L")[1], place("hand.L")[2]]);
    assertGreater(place("toes.L")[2], place("foot.L")[2]); // toes in front
    const [, front] = extent(body, 2);
    assertGreater(front, 0.15); // the tips of the toes
  });

  Deno.test(`${name} has every joint inside the body, where its inverse bind matrix says`, () => {
    const body = read(name), { json, inverseBindMatrices: matrices } = body;
    const { joints, skeleton } = json.skins[0];
    assertEquals(joints.length, 21);
    assertEquals(skeleton, joints[0]);
    const world = new Map<number, number[]>();
    const walk = (node: number, origin: number[]) => {
      const { translation, children = [] } = json.nodes[node];
      world.set(node, translation.map((value: number, k: number) => origin[k] + value));
      for (const child of children) walk(child, world.get(node)!);
    };
    walk(skeleton, [0, 0, 0]);
    joints.forEach((node: number, j: number) => {
      const place = world.get(node)!;
      place.forEach((value, k) => assertAlmostEquals(matrices![16 * j + 12 + k], -value, 1e-6));
    });
    const depths = signedDistances(body, joints.map((node: number) => world.get(node)!));
    assertLess(depths.reduce((a, b) => Math.max(a, b)), -0.01);
  });

  Deno.test(`${name} has weights that add up to 1 exactly, fall, and stay on their side`, () => {
    const { json, positions, joints, weights, welded } = read(name);
    const names: string[] = json.skins[0].joints.map((node: number) => json.nodes[node].name);
    const used = new Set<number>();
    for (let v = 0; v < welded.length; v++) {
      const own = [...weights!.subarray(4 * v, 4 * v + 4)], of = [...joints!.subarray(4 * v, 4 * v + 4)];
      assertEquals(own.reduce((a, b) => Math.fround(a + b)), 1);
      assertEquals(own, [...own].sort((a, b) => b - a));
      const first = welded[v];
      assertEquals(own, [...weights!.subarray(4 * first, 4 * first + 4)]); // seams move as one
      own.forEach((weight, k) => {
        if (weight === 0) return assertEquals(of[k], 0);
        used.add(of[k]);
        if (names[of[k]].endsWith(".L")) assertGreater(positions[3 * v], 0);
        if (names[of[k]].endsWith(".R")) assertLess(positions[3 * v], 0);
      });
    }
    assertEquals(used.size, names.length);
  });
}

Deno.test("the mannequins share their joints and differ in their shape", () => {
  const [slim, heavy] = BODIES.map(read);
  const tree = ({ json }: Glb) =>
    json.nodes.slice(1).map((n: { name: string; children?: number[] }) => [n.name, n.children]);
  assertEquals(tree(slim), tree(heavy));
  assertGreater(volume(heavy), 1.5 * volume(slim));
});

Deno.test("cuirass.glb is one sheet with four openings and twelve closed rivets", () => {
  const cuirass = read("cuirass.glb"), edges = directedEdges(cuirass);
  assertEquals(cuirass.json.skins, undefined);
  const [sheet, ...rivets] = islands(cuirass);
  assertEquals(rivets.length, 12);
  assertGreater(sheet.length, 1000);
  const onSheet = new Set(sheet), follower = new Map<number, number>();
  for (const [edge, uses] of edges) {
    assertEquals(uses, 1, edge);
    const [a, b] = edge.split(" ").map(Number);
    if (edges.has(`${b} ${a}`)) continue;
    assert(onSheet.has(a), "a rivet is open");
    follower.set(a, b);
  }
  let loops = 0;
  for (const start of follower.keys()) {
    if (!follower.has(start)) continue;
    loops++;
    for (let at: number | undefined = start; at !== undefined;) {
      const next: number | undefined = follower.get(at);
      follower.delete(at);
      at = next;
    }
  }
  assertEquals(loops, 4);
});

Deno.test("cuirass.glb has hard edges: positions with normals far apart", () => {
  const { normals, welded } = read("cuirass.glb");
  const hard = welded.filter((first, v) =>
    [0, 1, 2].reduce((sum, k) => sum + normals[3 * v + k] * normals[3 * first + k], 0) < 0.85
  );
  assertGreater(hard.length, 200);
});

Deno.test("cuirass.glb lies outside the slim mannequin by a few millimetres, corners and middles of faces", () => {
  const slim = read("mannequin_slim.glb"), { positions, indices, welded } = read("cuirass.glb");
  const points = [...new Set(welded)].map((v) => [...positions.subarray(3 * v, 3 * v + 3)]);
  for (let f = 0; f < indices.length; f += 3) {
    points.push([0, 1, 2].map((k) => [0, 1, 2].reduce((sum, c) => sum + positions[3 * indices[f + c] + k] / 3, 0)));
  }
  const distances = signedDistances(slim, points);
  const least = distances.reduce((a, b) => Math.min(a, b)), most = distances.reduce((a, b) => Math.max(a, b));
  assertGreater(least, 0.003);
  assertLess(most, 0.045); // the rim of the skirt
  const sorted = [...distances].sort((a, b) => a - b);
  assertLess(sorted[sorted.length >> 1], 0.014);
});
