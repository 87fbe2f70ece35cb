import { assert, assertAlmostEquals } from "@std/assert";
import { BufferAttribute, BufferGeometry, DoubleSide, Ray, Vector3 } from "three";
import { CENTER, type HitPointInfo, MeshBVH } from "three-mesh-bvh";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { SurfaceHit, SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { pointsNear, readBody } from "../_body.ts";
import { icosphere, seeded } from "../_meshes.ts";

function peerOf({ positions, indices }: TriangleMesh): MeshBVH {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices.slice(), 1));
  return new MeshBVH(geometry, { strategy: CENTER });
}

const body = readBody();
const CASES: [string, TriangleMesh | undefined][] = [["an icosphere", icosphere(4)], ["a body", body]];
for (const [name, mesh] of CASES) {
  for (const offset of [0.01, 0.3]) {
    Deno.test({
      name: `SurfaceIndex.closestPoint() agrees with three-mesh-bvh on ${name}, ${offset} m away, seed 1`,
      ignore: mesh === undefined,
      fn() {
        const scope = new BufferScope(), index = SurfaceIndex.build(mesh!, scope), hit = new SurfaceHit();
        const peer = peerOf(mesh!), point = new Vector3(), target = {} as HitPointInfo;
        const points = pointsNear(mesh!, 500, offset, seeded(1));
        for (let i = 0; i < 500; i++) {
          point.fromArray(points, 3 * i);
          peer.closestPointToPoint(point, target);
          assert(index.closestPointAt(points, i, hit));
          assertAlmostEquals(Math.sqrt(hit.distanceSq), target.distance, 1e-9 * Math.max(target.distance, 1e-3));
          assertAlmostEquals(target.point.distanceTo({ x: hit.x, y: hit.y, z: hit.z }), 0, 1e-6);
        }
      },
    });
  }
  Deno.test({
    name: `SurfaceIndex.rayHit() agrees with three-mesh-bvh on ${name}, seed 2`,
    ignore: mesh === undefined,
    fn() {
      const scope = new BufferScope(), index = SurfaceIndex.build(mesh!, scope), hit = new SurfaceHit();
      const peer = peerOf(mesh!),
        ray = new Ray(),
        from = pointsNear(mesh!, 300, 1, seeded(2)),
        to = pointsNear(mesh!, 300, 0.2, seeded(3));
      for (let i = 0; i < 300; i++) {
        ray.origin.fromArray(from, 3 * i);
        ray.direction.fromArray(to, 3 * i).sub(ray.origin).normalize();
        const { x, y, z } = ray.direction, expected = peer.raycastFirst(ray, DoubleSide);
        const isHit = index.rayHit(ray.origin.x, ray.origin.y, ray.origin.z, x, y, z, hit);
        assert(isHit === (expected !== null), `ray ${i}`);
        if (isHit) assertAlmostEquals(Math.sqrt(hit.distanceSq), expected!.distance, 1e-6);
      }
    },
  });
}
