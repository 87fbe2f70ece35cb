/** Vertices, places or faces between two pauses. */
export const CHUNK = 16_384;
