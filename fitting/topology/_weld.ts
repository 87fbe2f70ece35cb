/** Cells are this many tolerances wide, so that few vertices lie near a border and look into a second cell. */
const CELL_TOLERANCES = 16;
/** Cells where the mesh has no extent; any size does. */
const CELL_WITHOUT_EXTENT = 1e-6;

/**
 * Gives every vertex the id of its place: vertices within `tolerance` of the
 * first vertex of a place share it; where there are several, the lowest. Ids
 * count up in order of first appearance. Expected linear time: a hash grid whose
 * chains hold the first vertex of each place.
 *
 * Exporters write one place twice with a bit of rounding between; a crack of a
 * few micrometres is one too.
 *
 * @param tolerance In the unit of the positions; 0 welds equal ones (0 and -0 are).
 * @param positionRemap Overwritten with the id of every vertex.
 * @param heads Zeroed, {@linkcode weldTableLength} long; a slot holds `1 + vertex`.
 * @param next Zeroed, as long as `positionRemap`: the vertex after each in its chain, likewise.
 * @returns How many places there are.
 */
export function weld(
  positions: Float32Array,
  tolerance: number,
  positionRemap: Uint32Array,
  heads: Uint32Array,
  next: Uint32Array,
  from: number = 0,
  end: number = positionRemap.length,
  weldedCount: number = 0,
): number {
  const cell = tolerance > 0 ? CELL_TOLERANCES * tolerance : CELL_WITHOUT_EXTENT;
  const toleranceSq = tolerance * tolerance, mask = heads.length - 1;
  for (let v = from; v < end; v++) {
    const i = 3 * v, x = positions[i], y = positions[i + 1], z = positions[i + 2];
    const lowX = Math.floor((x - tolerance) / cell), highX = Math.floor((x + tolerance) / cell);
    const lowY = Math.floor((y - tolerance) / cell), highY = Math.floor((y + tolerance) / cell);
    const lowZ = Math.floor((z - tolerance) / cell), highZ = Math.floor((z + tolerance) / cell);
    let place = weldedCount;
    for (let cx = lowX; cx <= highX; cx++) {
      for (let cy = lowY; cy <= highY; cy++) {
        for (let cz = lowZ; cz <= highZ; cz++) {
          for (let first = heads[hashCell(cx, cy, cz) & mask]; first !== 0; first = next[first - 1]) {
            const j = 3 * (first - 1), id = positionRemap[first - 1];
            const dx = positions[j] - x, dy = positions[j + 1] - y, dz = positions[j + 2] - z;
            if (id < place && dx * dx + dy * dy + dz * dz <= toleranceSq) place = id;
          }
        }
      }
    }
    positionRemap[v] = place;
    if (place < weldedCount) continue;
    weldedCount++;
    const slot = hashCell(Math.floor(x / cell), Math.floor(y / cell), Math.floor(z / cell)) & mask;
    next[v] = heads[slot];
    heads[slot] = v + 1;
  }
  return weldedCount;
}

/** How many slots {@linkcode weld} needs: a power of two, at most half full. */
export function weldTableLength(vertexCount: number): number {
  return vertexCount === 0 ? 1 : 2 ** (32 - Math.clz32(2 * vertexCount - 1));
}

/** Mixes three cell numbers; the last lines are murmur3's finalizer, as grids vary in low bits only. */
function hashCell(x: number, y: number, z: number): number {
  let h = Math.imul(x, 0x9e3779b1);
  h = Math.imul((h ^ (h >>> 15)) + y, 0x85ebca77);
  h = Math.imul((h ^ (h >>> 13)) + z, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
