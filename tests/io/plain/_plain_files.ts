import { findMesh, type GltfDocument, InputFileError, openMeshFile } from "../../../io/mod.ts";
import { assert, assertRejects } from "@std/assert";
import { readAll } from "../gltf/_reading.ts";

/** Opens text or bytes under a name. */
export function open(content: string | Uint8Array, path: string): Promise<GltfDocument> {
  return openMeshFile(typeof content === "string" ? new TextEncoder().encode(content) : content, { path });
}

/** Asserts that a file is refused with one sentence that holds `part`. */
export async function assertRefusedAs(content: string | Uint8Array, path: string, part: string): Promise<void> {
  const error = await assertRejects(async () => findMesh(await open(content, path)), InputFileError);
  const { message } = error as InputFileError;
  assert(message.startsWith(`Cannot read "${path}"`) && message.includes(part), message);
  assert(!message.includes("\n") && !message.endsWith("."), message);
}

/** The corners of all faces, nine numbers a face, sorted: what two readers must agree on. */
export function facesOf(document: GltfDocument): number[][] {
  const { positions, indices } = readAll(document);
  return sortedFaces([...indices].flatMap((v) => [...positions.subarray(3 * v, 3 * v + 3)]));
}

/** Rows of nine numbers, sorted. */
export function sortedFaces(corners: ArrayLike<number>): number[][] {
  const faces: number[][] = [];
  for (let i = 0; i < corners.length; i += 9) {
    faces.push(Array.from({ length: 9 }, (_, c) => Math.fround(corners[i + c])));
  }
  return faces.sort((a, b) => {
    const c = a.findIndex((value, k) => value !== b[k]);
    return c < 0 ? 0 : a[c] - b[c];
  });
}

/** Corners, polygons and seams of a wavy strip: `n` quads, every third cut in two. */
export function strip(n: number): { positions: number[][]; faces: number[][] } {
  const positions: number[][] = [], faces: number[][] = [];
  for (let i = 0; i <= n; i++) for (const y of [0, 1]) positions.push([i / 4, y, Math.fround(Math.sin(i))]);
  for (let i = 0; i < n; i++) {
    const a = 2 * i, quad = [a, a + 2, a + 3, a + 1];
    if (i % 3 === 0) faces.push([quad[0], quad[1], quad[2]], [quad[0], quad[2], quad[3]]);
    else faces.push(quad);
  }
  return { positions, faces };
}
