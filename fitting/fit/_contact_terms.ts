import type { Contact } from "./_contact.ts";

/** rhs += Σ_s c_s S_sᵀ t_s: what contact asks for. */
export function addContacts(contact: Contact, rhs: Float64Array): void {
  const { activeCount, activeVertices, activeKinds, activeTargets, kindRows, weight } = contact;
  for (let s = 0; s < activeCount; s++) {
    const row = 4 * activeKinds[s], c = weight * kindRows[row + 3];
    for (let k = 0; k < 3; k++) {
      const v = 3 * activeVertices[3 * s + k], share = c * kindRows[row + k];
      for (let i = 0; i < 3; i++) rhs[v + i] += share * activeTargets[3 * s + i];
    }
  }
}

/** diagonal += the diagonal of Σ_s c_s S_sᵀ S_s. */
export function addContactDiagonal(contact: Contact, diagonal: Float64Array): void {
  const { activeCount, activeVertices, activeKinds, kindRows, weight } = contact;
  for (let s = 0; s < activeCount; s++) {
    const row = 4 * activeKinds[s], c = weight * kindRows[row + 3];
    for (let k = 0; k < 3; k++) diagonal[activeVertices[3 * s + k]] += c * kindRows[row + k] * kindRows[row + k];
  }
}

/**
 * Moves the vertices of every active sample so that it is where it should be, by
 * no more than it takes.
 *
 * @param stays 1 for places that do not move.
 */
export function moveToTargets(contact: Contact, stays: Uint8Array, p: Float64Array): void {
  const { activeCount, activeVertices, activeKinds, activeTargets, kindRows } = contact;
  for (let s = 0; s < activeCount; s++) {
    const row = 4 * activeKinds[s], a = activeVertices[3 * s], b = activeVertices[3 * s + 1];
    const c = activeVertices[3 * s + 2], u = kindRows[row], v = kindRows[row + 1], w = kindRows[row + 2];
    const mu = stays[a] === 1 ? 0 : u, mv = stays[b] === 1 ? 0 : v, mw = stays[c] === 1 ? 0 : w;
    const give = mu * u + mv * v + mw * w;
    if (give === 0) continue;
    for (let k = 0; k < 3; k++) {
      const by = (activeTargets[3 * s + k] - u * p[3 * a + k] - v * p[3 * b + k] - w * p[3 * c + k]) / give;
      p[3 * a + k] += mu * by;
      p[3 * b + k] += mv * by;
      p[3 * c + k] += mw * by;
    }
  }
}
