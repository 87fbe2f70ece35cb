import { type Check, show } from "./_check.ts";

type Json = Readonly<Record<string, unknown>>;

/** How far the last row of a node's matrix may be from 0, 0, 0, 1: rounding, not perspective. */
const LAST_ROW_TOLERANCE = 1e-4;

/** How far the length of a quaternion may be from 1: that of few decimals, not another kind of number (and what validators allow). */
const UNIT_TOLERANCE = 0.00769;

/** Checks nodes, their links and the hierarchy: every node has one parent at most, and no way leads back. */
export function checkNodes(check: Check, json: Json): void {
  const nodes = check.list(json.nodes, "/nodes");
  const count = (key: string) => check.list(json[key], `/${key}`).length;
  const meshCount = count("meshes"),
    skinCount = count("skins"),
    cameraCount = count("cameras");
  const parents = new Int32Array(nodes.length).fill(-1);
  nodes.forEach((item, i) => {
    const pointer = `/nodes/${i}`, node = check.object(item, pointer);
    if (node.mesh !== undefined) {
      check.link(node.mesh, `${pointer}/mesh`, "meshes", meshCount);
    }
    if (node.skin !== undefined) {
      check.link(node.skin, `${pointer}/skin`, "skins", skinCount);
    }
    if (node.camera !== undefined) {
      check.link(node.camera, `${pointer}/camera`, "cameras", cameraCount);
    }
    checkTransform(check, node, pointer);
    check.list(node.children, `${pointer}/children`).forEach((child, k) => {
      const index = check.link(
        child,
        `${pointer}/children/${k}`,
        "nodes",
        nodes.length,
      );
      if (parents[index] >= 0) {
        check.refuse(
          `${pointer}/children/${k}`,
          "a node must have one parent",
          `node ${index} is also a child of node ${parents[index]}`,
        );
      }
      parents[index] = i;
    });
  });
  refuseCycles(check, parents);
  checkScenes(check, json, nodes.length);
}

function checkTransform(check: Check, node: Json, pointer: string): void {
  check.numbers(node.translation, `${pointer}/translation`, 3);
  check.numbers(node.scale, `${pointer}/scale`, 3);
  const rotation = check.numbers(node.rotation, `${pointer}/rotation`, 4);
  checkRotation(check, rotation, `${pointer}/rotation`);
  const matrix = check.numbers(node.matrix, `${pointer}/matrix`, 16);
  if (matrix === undefined) return;
  const off = [0, 0, 0, 1].findIndex((value, column) => Math.abs(matrix[4 * column + 3] - value) > LAST_ROW_TOLERANCE);
  if (off >= 0) {
    check.refuse(
      `${pointer}/matrix/${4 * off + 3}`,
      "the last row must be 0, 0, 0, 1",
      `current value is ${matrix[4 * off + 3]}`,
    );
  }
}

function checkRotation(
  check: Check,
  rotation: readonly number[] | undefined,
  pointer: string,
): void {
  const length = Math.sqrt(
    rotation?.reduce((sum, part) => sum + part * part, 0) ?? 1,
  );
  if (Math.abs(length - 1) <= UNIT_TOLERANCE) return;
  check.refuse(
    pointer,
    "it must be a unit quaternion",
    `its length is ${length}`,
  );
}

/** Walks up from every node once: O(nodes), also for one long chain. */
function refuseCycles(check: Check, parents: Int32Array): void {
  const seenFrom = new Int32Array(parents.length).fill(-1);
  for (let start = 0; start < parents.length; start++) {
    for (
      let node = start;
      node >= 0 && seenFrom[node] !== start;
      node = parents[node]
    ) {
      if (seenFrom[node] >= 0) break; // an earlier walk came through here and ended
      seenFrom[node] = start;
      if (parents[node] >= 0 && seenFrom[parents[node]] === start) {
        check.refuse(
          `/nodes/${parents[node]}/children`,
          "no node may be its own ancestor",
          `nodes ${parents[node]} and ${node} are in a circle`,
        );
      }
    }
  }
}

function checkScenes(check: Check, json: Json, nodeCount: number): void {
  const scenes = check.list(json.scenes, "/scenes");
  scenes.forEach((item, i) => {
    const scene = check.object(item, `/scenes/${i}`);
    const roots = check.list(scene.nodes, `/scenes/${i}/nodes`);
    roots.forEach((node, k) => {
      const pointer = `/scenes/${i}/nodes/${k}`;
      check.link(node, pointer, "nodes", nodeCount);
    });
    if (new Set(roots).size < roots.length) {
      check.refuse(
        `/scenes/${i}/nodes`,
        "a node may be in a scene once",
        "one is there twice",
      );
    }
  });
  if (json.scene !== undefined) {
    check.link(json.scene, "/scene", "scenes", scenes.length);
  }
}

/** Checks skins: joints are nodes, each once, and every joint has its inverse bind matrix. */
export function checkSkins(check: Check, json: Json): void {
  const nodeCount = check.list(json.nodes, "/nodes").length,
    accessors = check.list(json.accessors, "/accessors") as Json[];
  check.list(json.skins, "/skins").forEach((item, i) => {
    const pointer = `/skins/${i}`, skin = check.object(item, pointer);
    const joints = check.list(skin.joints, `${pointer}/joints`);
    check.integer(
      joints.length,
      `${pointer}/joints`,
      1,
      65536,
      "joints of a skin",
    );
    const seen = new Set<unknown>();
    joints.forEach((joint, k) => {
      check.link(joint, `${pointer}/joints/${k}`, "nodes", nodeCount);
      if (seen.has(joint)) {
        check.refuse(
          `${pointer}/joints/${k}`,
          "a node may be a joint of a skin once",
          `node ${show(joint)} is there twice`,
        );
      }
      seen.add(joint);
    });
    if (skin.skeleton !== undefined) {
      check.link(skin.skeleton, `${pointer}/skeleton`, "nodes", nodeCount);
    }
    if (skin.inverseBindMatrices === undefined) return;
    const at = `${pointer}/inverseBindMatrices`;
    const accessor = accessors[
      check.link(skin.inverseBindMatrices, at, "accessors", accessors.length)
    ];
    if (accessor.type !== "MAT4" || accessor.componentType !== 5126) {
      check.refuse(
        at,
        "it must be an accessor of f32 MAT4",
        `its type is ${show(accessor.type)} of ${show(accessor.componentType)}`,
      );
    }
    if ((accessor.count as number) < joints.length) {
      check.refuse(
        at,
        `it must hold ${joints.length} matrices, one per joint`,
        `it holds ${show(accessor.count)}`,
      );
    }
  });
}
