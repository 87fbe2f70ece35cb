import { assert, assertEquals, assertLess } from "@std/assert";
import { Bone, BoxGeometry, BufferAttribute, Mesh, PlaneGeometry, Skeleton, SkinnedMesh } from "three";
import { BufferPool } from "../../pool/mod.ts";
import {
  computeVertexNormals,
  fitArmorToBody,
  fitToTarget,
  smoothDisplacements,
  transferSkinWeights,
} from "../../three/mod.ts";
import { failingPool, FAILURE } from "../pool/_failing_pool.ts";
import { bracer, limb } from "./_scene.ts";

/** A patch that lies in a box of one joint: small, since every lease is made to fail once. */
function scene(): { patch: Mesh; body: SkinnedMesh } {
  const patch = new Mesh(new PlaneGeometry(0.5, 0.5, 2, 2)), geometry = new BoxGeometry();
  const skin = Float32Array.from({ length: 96 }, (_, i) => i % 4 === 0 ? 1 : 0);
  geometry.setAttribute("skinIndex", new BufferAttribute(new Uint16Array(96), 4));
  geometry.setAttribute("skinWeight", new BufferAttribute(skin, 4));
  const body = new SkinnedMesh(geometry);
  body.bind(new Skeleton([new Bone()]));
  patch.position.z = 0.45;
  return { patch, body };
}

const CALLS: Record<string, (patch: Mesh, body: SkinnedMesh, pool: BufferPool) => unknown> = {
  "fitToTarget(), elastic": (patch, body, pool) => fitToTarget(patch, body, { from: body, iterations: 2, pool }),
  "fitToTarget(), shrinkwrap": (patch, body, pool) => fitToTarget(patch, body, { method: "shrinkwrap", pool }),
  "fitArmorToBody()": (patch, body, pool) => fitArmorToBody(patch, body, { from: body, iterations: 1, pool }),
  "transferSkinWeights()": (patch, body, pool) => transferSkinWeights(patch, body, { pool }),
  "computeVertexNormals()": (patch, _, pool) => computeVertexNormals(patch, { pool }),
  "smoothDisplacements()": (patch, _, pool) =>
    smoothDisplacements(patch, new Float32Array(27), { pinned: new Uint8Array(9), pool }),
};

/** All that a call may change. */
function stateOf({ geometry }: Mesh): unknown[] {
  return Object.keys(geometry.attributes).map((name) => {
    const { array, version } = geometry.attributes[name];
    return [name, array.slice(), version];
  });
}

for (const [name, call] of Object.entries(CALLS)) {
  Deno.test(`${name} gives all memory back and changes nothing, whichever lease fails`, () => {
    let failures = 0;
    for (;; failures++) {
      const { patch, body } = scene(), pool = failingPool(failures + 1), before = stateOf(patch);
      try {
        call(patch, body, pool);
        assertEquals(pool.getStats().leasedBytes, 0);
        break;
      } catch (error) {
        assertEquals(error, FAILURE);
        assertEquals(pool.getStats().leasedBytes, 0);
        assertEquals(stateOf(patch), before);
      }
    }
    assert(failures > 5, `only ${failures} leases`);
  });

  Deno.test(`${name} takes no new memory the second time`, () => {
    using pool = new BufferPool({ idleMs: Infinity });
    const first = scene(), second = scene();
    call(first.patch, first.body, pool);
    const { allocatedBytes } = pool.getStats();
    call(second.patch, second.body, pool);
    assertEquals(pool.getStats().allocatedBytes, allocatedBytes);
  });
}

Deno.test("fitArmorToBody() leaves only plain memory of its own in the geometry: nothing on lease, nothing shared", () => {
  using pool = new BufferPool({ idleMs: Infinity });
  const armor = bracer(), { body } = limb();
  armor.geometry.deleteAttribute("normal");
  armor.geometry.setAttribute("position", integers(armor.geometry.attributes.position.array));
  armor.scale.setScalar(1e-4);
  const { newAttributes } = fitArmorToBody(armor, body, { pool });
  assertEquals(newAttributes, ["position", "normal", "skinIndex", "skinWeight"]);
  const arrays = newAttributes.map((name) => armor.geometry.attributes[name].array), before = structuredClone(arrays);
  for (const array of arrays) {
    assertEquals(array.buffer.constructor, ArrayBuffer);
    assertEquals([array.byteOffset, array.byteLength > 0], [0, true]);
  }
  fitArmorToBody(bracer(), limb().body, { pool }); // the pool hands the same memory out again
  pool.clear();
  assertEquals(arrays, before);

  function integers(array: Float32Array): BufferAttribute {
    return new BufferAttribute(Int16Array.from(array, (x) => Math.round(x * 1e4)), 3);
  }
});

Deno.test("fitToTarget() works in place on memory shared with other threads, and keeps no view of it", () => {
  const { patch, body } = scene(), { position } = patch.geometry.attributes;
  const shared = new Float32Array(new SharedArrayBuffer(position.array.byteLength));
  shared.set(position.array);
  patch.geometry.setAttribute("position", new BufferAttribute(shared, 3));
  assertEquals(fitToTarget(patch, body).newAttributes, []);
  for (let v = 0; v < 9; v++) assertLess(0.5, shared[3 * v + 2] + 0.45);
});
