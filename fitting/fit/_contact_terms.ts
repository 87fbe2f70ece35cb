import type { Contact } from "./_contact.ts";
import { askMove, takeMove } from "./_moves.ts";

/** The kind of samples that are places, and one no kind is above. */
export const PLACE_KIND = 0, MOST_KIND = 255;

/** rhs += Σ_s c_s S_sᵀ t_s: what contact asks for. */
export function addContacts(contact: Contact, rhs: Float64Array): void {
  const { activeCount, activeVertices, activeKinds, activeTargets, activeWeights, kindRows, weight } = contact;
  for (let s = 0; s < activeCount; s++) {
    const row = 4 * activeKinds[s], c = weight * activeWeights[s] * kindRows[row + 3];
    for (let k = 0; k < 3; k++) {
      const v = 3 * activeVertices[3 * s + k], share = c * kindRows[row + k];
      for (let i = 0; i < 3; i++) rhs[v + i] += share * activeTargets[3 * s + i];
    }
  }
}

/** diagonal += the diagonal of Σ_s c_s S_sᵀ S_s. */
export function addContactDiagonal(contact: Contact, diagonal: Float64Array): void {
  const { activeCount, activeVertices, activeKinds, activeWeights, kindRows, weight } = contact;
  for (let s = 0; s < activeCount; s++) {
    const row = 4 * activeKinds[s], c = weight * activeWeights[s] * kindRows[row + 3];
    for (let k = 0; k < 3; k++) diagonal[activeVertices[3 * s + k]] += c * kindRows[row + k] * kindRows[row + k];
  }
}

/**
 * Moves the vertices of every active sample towards where it should be. Samples
 * that ask for different moves of a vertex are heard by what they lack, squared:
 * as one comes into reach of the body, or leaves it, it asks for nothing and has
 * no say, so a hair's breadth never decides. In turn, one by one, the last would
 * have its way, and one that lacks nothing would undo what others need.
 *
 * @param stays 1 for places that do not move.
 * @param moves `4 *` zeros, and so again afterwards.
 * @param most Samples of a higher kind ask for nothing.
 */
export function moveToTargets(
  contact: Contact,
  stays: Uint8Array,
  p: Float64Array,
  moves: Float64Array,
  most: number,
): void {
  const { activeCount, activeVertices, activeKinds, activeTargets, kindRows } = contact;
  for (let s = 0; s < activeCount; s++) {
    if (activeKinds[s] > most) continue;
    const row = 4 * activeKinds[s], a = activeVertices[3 * s], b = activeVertices[3 * s + 1];
    const c = activeVertices[3 * s + 2], u = kindRows[row], v = kindRows[row + 1], w = kindRows[row + 2];
    const mu = stays[a] === 1 ? 0 : u, mv = stays[b] === 1 ? 0 : v, mw = stays[c] === 1 ? 0 : w;
    const give = mu * u + mv * v + mw * w;
    if (give === 0) continue;
    const x = activeTargets[3 * s] - u * p[3 * a] - v * p[3 * b] - w * p[3 * c];
    const y = activeTargets[3 * s + 1] - u * p[3 * a + 1] - v * p[3 * b + 1] - w * p[3 * c + 1];
    const z = activeTargets[3 * s + 2] - u * p[3 * a + 2] - v * p[3 * b + 2] - w * p[3 * c + 2];
    const say = x * x + y * y + z * z;
    askMove(moves, 4 * a, mu, mu, give, say, x, y, z);
    askMove(moves, 4 * b, mv, mv, give, say, x, y, z);
    askMove(moves, 4 * c, mw, mw, give, say, x, y, z);
  }
  for (let i = 0; i < 3 * activeCount; i++) takeMove(moves, activeVertices[i], p);
}
