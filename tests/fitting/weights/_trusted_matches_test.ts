import { assertEquals } from "@std/assert";
import { trustMatchesBytes, trustMatchesWork } from "../../../fitting/weights/_trusted_matches.ts";
import { buildTopology } from "../../../fitting/topology/topology.ts";
import { finish } from "../../../fitting/work.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { wavyGrid } from "../_meshes.ts";

const SIDE = 12;

/** A sheet whose middle met joint 1 and faces it by `inner`, and whose rest met joint 0 and faces that by `outer`; returns how many places are not trusted. */
function rejected(inner: number, outer: number, reach: number): number {
  using scope = new BufferScope();
  const mesh = wavyGrid(SIDE), topology = buildTopology(mesh, scope, scope), { weldedCount, representative } = topology;
  const isInner = (w: number) => {
    const v = representative[w], x = v % SIDE, y = Math.floor(v / SIDE);
    return x > 3 && x < 8 && y > 3 && y < 8;
  };
  const places = Array.from({ length: weldedCount }, (_, w) => isInner(w));
  const matches = {
    skin: {
      skinJoints: Uint16Array.from(places, (is) => is ? 1 : 0),
      skinWeights: new Float32Array(weldedCount).fill(1),
      influencesPerVertex: 1,
    },
    distances: new Float32Array(weldedCount),
    agreements: Float32Array.from(places, (is) => is ? inner : outer),
    normals: Float32Array.from({ length: 3 * weldedCount }, (_, i) => i % 3 === 2 ? 1 : 0),
    areas: new Float64Array(weldedCount).fill(1),
  };
  const rules = {
    maxDistance: 1,
    minAgreement: -1,
    flipped: true,
    reach: Uint8Array.of(0, reach, reach, 0),
    jointCount: 2,
  };
  const isKnown = new Uint8Array(weldedCount), before = scope.inUseBytes;
  const { jumped } = finish(trustMatchesWork(topology, matches, rules, isKnown, scope));
  assertEquals(scope.inUseBytes, before);
  assertEquals(trustMatchesBytes({ weldedCount, islandCount: 1 }), 20 * weldedCount + 8);
  assertEquals(isKnown.filter((known) => known === 0).length, jumped);
  assertEquals(places.some((is, w) => !is && isKnown[w] === 0), false, "what faces the surface better was rejected");
  return jumped;
}

Deno.test("trustMatchesWork() rejects a part that met a far joint and faces it less than those around", () => {
  assertEquals(rejected(-1, 1, 3), 16); // a shirt that met the arm beside it
  assertEquals(rejected(0.4, 1, 3), 16); // obliquely
});

Deno.test("trustMatchesWork() takes no side where both face the surface about as well", () => {
  assertEquals(rejected(0.6, 0.9, 3), 0);
  assertEquals(rejected(0.2, 0.5, 3), 0); // in a fold, as of an armpit
});

Deno.test("trustMatchesWork() keeps what faces away but belongs to joints beside, as a lining does", () => {
  assertEquals(rejected(-1, 1, 1), 0);
});
