/**
 * Sheet metal while it is being made: faces carry texture coordinates at their corners, normals come last.
 *
 * @module
 */
import { addScaled, cross, dot, mirrored, subtract, unit, type Vec3 } from "./vec.ts";

/** A texture coordinate. */
export type Uv = readonly [number, number];

/** How a face takes its normals: `sheet` has a hard edge at each crease, the others one against every other kind. */
export type Finish = "sheet" | "bead" | "dome" | "base";

/** A triangle, counter-clockwise seen from outside, with a texture coordinate a corner. */
export interface PlateFace {
  readonly finish: Finish;
  readonly corners: readonly [number, number, number];
  readonly uvs: readonly [Uv, Uv, Uv];
}

/** A mesh of such triangles. */
export interface PlateMesh {
  readonly points: Vec3[];
  readonly faces: PlateFace[];
}

/** Adds a quadrilateral as two triangles; corners counter-clockwise seen from outside. */
export function addQuad({ faces }: PlateMesh, finish: Finish, corners: readonly number[], uvs: readonly Uv[]): void {
  for (const [a, b, c] of [[0, 1, 2], [0, 2, 3]]) {
    faces.push({ finish, corners: [corners[a], corners[b], corners[c]], uvs: [uvs[a], uvs[b], uvs[c]] });
  }
}

/** The mesh and its mirror image, joined where x = 0; the image's texture coordinates are mirrored at u = 1/2. */
export function withMirrorImage({ points, faces }: PlateMesh): PlateMesh {
  const all = [...points];
  const twins = points.map((p, v) => p[0] === 0 ? v : all.push(mirrored(p)) - 1);
  const flipped = ([u, v]: Uv): Uv => [1 - u, v];
  const images = faces.map(({ finish, corners: [a, b, c], uvs: [p, q, r] }): PlateFace => ({
    finish,
    corners: [twins[a], twins[c], twins[b]],
    uvs: [flipped(p), flipped(r), flipped(q)],
  }));
  return { points: all, faces: [...faces, ...images] };
}

/** The open edges, as closed lists of points; walking along one, the mesh lies to the left. */
export function boundaryLoops({ faces }: PlateMesh): number[][] {
  const next = new Map<string, [number, number]>();
  for (const { corners } of faces) {
    corners.forEach((a, k) => next.set(`${a} ${corners[(k + 1) % 3]}`, [a, corners[(k + 1) % 3]]));
  }
  const follower = new Map<number, number>();
  for (const [a, b] of next.values()) {
    if (!next.has(`${b} ${a}`)) follower.set(a, b);
  }
  const loops: number[][] = [];
  while (follower.size > 0) {
    const loop: number[] = [];
    let at = follower.keys().next().value!;
    while (follower.has(at)) {
      loop.push(at);
      const to = follower.get(at)!;
      follower.delete(at);
      at = to;
    }
    loops.push(loop);
  }
  return loops;
}

/** A mesh as it is written: one normal and one texture coordinate a vertex. */
export interface SplitMesh {
  /** For each vertex, the point it stands at. */
  readonly sources: number[];
  readonly normals: Vec3[];
  readonly uvs: Uv[];
  readonly faces: [number, number, number][];
}

/**
 * Gives every corner a normal and splits points where normals or texture coordinates differ.
 *
 * @param leastCosine Faces meeting at an edge with a smaller cosine between their normals do not share a normal.
 */
export function splitAtCreases({ points, faces }: PlateMesh, leastCosine: number): SplitMesh {
  const votes = faces.map(({ corners: [a, b, c] }) =>
    cross(subtract(points[b], points[a]), subtract(points[c], points[a]))
  );
  const directions = votes.map(unit);
  const fans: number[][] = points.map(() => []);
  faces.forEach(({ corners }, f) => corners.forEach((v) => fans[v].push(f)));
  const split: SplitMesh = { sources: [], normals: [], uvs: [], faces: faces.map(() => [0, 0, 0]) };
  fans.forEach((fan, v) => {
    const made = new Map<string, number>();
    for (const f of fan) {
      const group = smoothGroup(f, fan, v, faces, directions, leastCosine);
      const slot = faces[f].corners.indexOf(v), uv = faces[f].uvs[slot];
      const key = `${group[0]} ${uv}`;
      let vertex = made.get(key);
      if (vertex === undefined) {
        vertex = split.sources.push(v) - 1;
        split.normals.push(unit(group.reduce<Vec3>((sum, g) => addScaled(sum, votes[g], 1), [0, 0, 0])));
        split.uvs.push(uv);
        made.set(key, vertex);
      }
      split.faces[f][slot] = vertex;
    }
  });
  return split;
}

/** The faces of a fan that can be reached from `f` over smooth edges, ascending. */
function smoothGroup(
  f: number,
  fan: readonly number[],
  v: number,
  faces: readonly PlateFace[],
  directions: readonly Vec3[],
  leastCosine: number,
): number[] {
  const isSmooth = (g: number, h: number) =>
    faces[g].finish === faces[h].finish &&
    (faces[g].finish !== "sheet" || dot(directions[g], directions[h]) >= leastCosine);
  const group = [f];
  for (const g of group) {
    for (const h of fan) {
      const share = faces[g].corners.some((n) => n !== v && faces[h].corners.includes(n));
      if (share && !group.includes(h) && isSmooth(g, h)) group.push(h);
    }
  }
  return group.sort((a, b) => a - b);
}
