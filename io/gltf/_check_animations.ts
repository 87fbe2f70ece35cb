import { type Check, show } from "./_check.ts";
import { F32 } from "./_components.ts";
import type { GltfAccessor, GltfJson } from "./json_types.ts";

type Json = Readonly<Record<string, unknown>>;

/** Type of the values of an animated property. */
const TYPES: Readonly<Record<string, string>> = {
  translation: "VEC3",
  scale: "VEC3",
  rotation: "VEC4",
  weights: "SCALAR",
};

/** Checks the formats and lengths of animations, which come along as they are. Links were checked. */
export function checkAnimations(check: Check, json: GltfJson): void {
  json.animations?.forEach(({ channels, samplers }, a) => {
    const pointer = `/animations/${a}`, seen = new Set<string>();
    samplers.forEach((sampler, s) => {
      checkTimes(check, json, sampler.input, `${pointer}/samplers/${s}/input`);
      const { interpolation } = sampler as { interpolation?: unknown };
      if (interpolation === undefined || typeof interpolation === "string") return;
      check.refuse(
        `${pointer}/samplers/${s}/interpolation`,
        "it must be text",
        `current value is ${show(interpolation)}`,
      );
    });
    channels.forEach(({ sampler, target }, c) => {
      if (target.path === undefined) {
        check.refuse(`${pointer}/channels/${c}/target/path`, "it must be there", "it is missing");
      }
      const at = `${pointer}/channels/${c}/target`;
      const property = `${target.node} ${target.path}`;
      if (seen.has(property)) check.refuse(at, "a property may be animated once", "an earlier channel does that");
      if (target.node !== undefined) seen.add(property);
      const type = TYPES[target.path];
      if (type === undefined || target.node === undefined) return; // extensions know more paths
      const { input, output, interpolation } = samplers[sampler] as unknown as Record<string, unknown>;
      const times = json.accessors![input as number].count * (interpolation === "CUBICSPLINE" ? 3 : 1);
      const values = type === "SCALAR" ? morphTargetsOf(json, target.node) : 1;
      if (type !== "SCALAR" && json.nodes![target.node].matrix !== undefined) {
        check.refuse(at, "an animated node must have no matrix", "it has one; export it with its parts");
      }
      const place = `${pointer}/samplers/${sampler}/output`, index = output as number;
      checkValues(check, json.accessors![index], index, place, { type, count: times * values });
      if (values > 0) return;
      check.refuse(at, "animated weights need morph targets", "the mesh has none");
    });
  });
}

function checkTimes(check: Check, json: GltfJson, index: number, pointer: string): void {
  const { type, componentType } = json.accessors![index];
  if (type === "SCALAR" && componentType === F32) return;
  check.refuse(pointer, "times must be f32 SCALAR", `accessor ${index} is ${componentType} ${type}`);
}

function checkValues(
  check: Check,
  accessor: GltfAccessor,
  index: number,
  pointer: string,
  wanted: { type: string; count: number },
): void {
  const { type, componentType, normalized = false, count } = accessor;
  // Integers are shares of one: rotations and weights have them.
  const isAllowed = componentType === F32 || (normalized && wanted.type !== "VEC3");
  if (type !== wanted.type || !isAllowed) {
    check.refuse(pointer, `values must be ${wanted.type}`, `accessor ${index} is ${componentType} ${type}`);
  }
  if (count === wanted.count || wanted.count === 0) return;
  check.refuse(pointer, `there must be ${wanted.count} values for the times`, `accessor ${index} has ${show(count)}`);
}

/** How many morph targets the mesh of a node has. */
function morphTargetsOf({ nodes, meshes }: GltfJson, node: number): number {
  const { mesh } = nodes![node];
  return mesh === undefined ? 0 : meshes![mesh].primitives[0].targets?.length ?? 0;
}

/** Refuses accessors that serve two purposes: what repairs one of them breaks the other. */
export function checkPurposes(check: Check, json: GltfJson): void {
  const purposes = new Map<number, string>();
  const use = (index: number | undefined, purpose: string) => {
    if (index === undefined) return;
    const known = purposes.get(index) ?? purpose;
    purposes.set(index, known);
    if (known === purpose) return;
    check.refuse(`/accessors/${index}`, "an accessor must have one purpose", `it has ${known} and ${purpose}`);
  };
  json.meshes?.forEach(({ primitives }) =>
    primitives.forEach(({ indices, attributes, targets }) => {
      use(indices, "indices");
      for (const source of [attributes, ...targets ?? []]) {
        for (const accessor of Object.values(source)) use(accessor, "vertices");
      }
    })
  );
  json.skins?.forEach(({ inverseBindMatrices }) => use(inverseBindMatrices, "matrices of joints"));
  json.animations?.forEach(({ samplers }) =>
    samplers.forEach(({ input, output }) => {
      use(input, "times");
      use(output, "animated values");
    })
  );
}

/** Checks that the primitives of a mesh have the same morph targets, and the mesh and its nodes a weight for each. */
export function checkMorphTargets(check: Check, json: GltfJson): void {
  const counts = json.meshes?.map(({ primitives, weights }, m) => {
    const [count, ...others] = primitives.map(({ targets }) => targets?.length ?? 0), pointer = `/meshes/${m}`;
    const odd = others.findIndex((other) => other !== count);
    if (odd >= 0) {
      const rule = `all primitives of a mesh must have as many morph targets (${count})`;
      check.refuse(`${pointer}/primitives/${odd + 1}/targets`, rule, `it has ${others[odd]}`);
    }
    checkWeights(check, weights, count, `${pointer}/weights`);
    return count;
  });
  (json.nodes as readonly Json[] | undefined)?.forEach(({ mesh, weights }, n) => {
    if (mesh !== undefined) checkWeights(check, weights, counts![mesh as number], `/nodes/${n}/weights`);
  });
}

function checkWeights(check: Check, weights: unknown, count: number, pointer: string): void {
  if (weights !== undefined) check.numbers(weights, pointer, count);
}
