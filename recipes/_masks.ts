/** Gives every place the number, from 1, of the first mask that holds it. */
export function label(masks: readonly Uint8Array[], out: Uint8Array): void {
  for (let m = masks.length - 1; m >= 0; m--) {
    const mask = masks[m];
    for (let w = 0; w < out.length; w++) if (mask[w] !== 0) out[w] = m + 1;
  }
}

/** Flags the places that all masks hold. */
export function intersect(masks: readonly Uint8Array[], out: Uint8Array): void {
  out.fill(1);
  for (const mask of masks) {
    for (let w = 0; w < out.length; w++) if (mask[w] === 0) out[w] = 0;
  }
}
