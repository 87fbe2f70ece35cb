import { findMesh, openMeshFile, readMesh, readSkeleton } from "../../io/mod.ts";

/** How a result differs from the known answer. */
export interface AnswerDifference {
  /** Mean distance of vertices of the same number, millimetres. */
  readonly truth: number;
  /** Mean over vertices of the summed differences of weights, joint by joint by name, 0–2; missing where the answer has no skin. */
  readonly weights?: number;
}

/** Compares two files with the same vertices. */
export async function compareFiles(fitted: string, truth: string): Promise<AnswerDifference> {
  const a = await read(fitted), b = await read(truth), count = a.positions.length / 3;
  let sum = 0;
  for (let i = 0; i < a.positions.length; i += 3) {
    const [x, y, z] = [0, 1, 2].map((k) => a.positions[i + k] - b.positions[i + k]);
    sum += Math.sqrt(x * x + y * y + z * z);
  }
  const distance = 1000 * sum / count;
  if (a.weightsOf === undefined || b.weightsOf === undefined) return { truth: distance };
  let differences = 0;
  for (let v = 0; v < count; v++) {
    const ours = a.weightsOf(v), answer = b.weightsOf(v);
    for (const joint of new Set([...ours.keys(), ...answer.keys()])) {
      differences += Math.abs((ours.get(joint) ?? 0) - (answer.get(joint) ?? 0));
    }
  }
  return { truth: distance, weights: differences / count };
}

async function read(path: string) {
  const document = await openMeshFile(await Deno.readFile(path), { path });
  const header = findMesh(document), { vertexCount, faceCount, influencesPerVertex } = header;
  const positions = new Float32Array(3 * vertexCount), indices = new Uint32Array(3 * faceCount);
  const skeleton = readSkeleton(document, header);
  const skinJoints = new Uint16Array(influencesPerVertex * vertexCount);
  const skinWeights = new Float32Array(influencesPerVertex * vertexCount);
  readMesh(document, header, { positions, indices, ...skeleton === undefined ? {} : { skinJoints, skinWeights } });
  if (skeleton === undefined) return { positions };
  const weightsOf = (v: number) => {
    const weights = new Map<string, number>();
    for (let i = influencesPerVertex * v; i < influencesPerVertex * (v + 1); i++) {
      const name = skeleton.jointNames[skinJoints[i]];
      weights.set(name, (weights.get(name) ?? 0) + skinWeights[i]);
    }
    return weights;
  };
  return { positions, weightsOf };
}
