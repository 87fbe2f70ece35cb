import { type NameParts, namePartsOf } from "./_joint_names.ts";

/**
 * What rigs call the parts of a person, by role. Stems as `namePartsOf` gives
 * them: Mixamo, VRM and Unity humanoids, Unreal and the MakeHuman game engine
 * rig, Biped, Character Creator.
 */
const STEMS: Readonly<Record<string, readonly string[]>> = {
  hips: ["hips", "pelvis", "hip"],
  spine: ["spine", "spine lower", "waist"],
  chest: ["chest", "spine middle", "torso"],
  upperChest: ["upper chest", "spine upper", "chest upper"],
  neck: ["neck", "neck 1", "neck lower", "neck twist 1"],
  head: ["head"],
  jaw: ["jaw", "jaw root"],
  eye: ["eye", "eyeball", "face eye"],
  shoulder: ["shoulder", "clavicle", "collar"],
  upperArm: ["arm", "upper arm", "upperarm"],
  lowerArm: ["fore arm", "forearm", "lower arm", "lowerarm", "elbow"],
  hand: ["hand", "wrist"],
  upperLeg: ["up leg", "upleg", "upper leg", "upperleg", "thigh"],
  lowerLeg: ["leg", "lower leg", "lowerleg", "calf", "shin", "knee"],
  foot: ["foot", "ankle"],
  toes: ["toe base", "toebase", "toe", "toes", "ball", "toe 0"],
  thumb1: ["hand thumb 1", "thumb 1", "thumb metacarpal", "thumb proximal"],
  thumb2: ["hand thumb 2", "thumb 2", "thumb intermediate"],
  thumb3: ["hand thumb 3", "thumb 3", "thumb distal"],
};

const FINGERS = {
  index: ["index", "f index"],
  middle: ["middle", "f middle", "mid"],
  ring: ["ring", "f ring"],
  little: ["pinky", "little", "f pinky"],
};
const PHALANGES = ["proximal", "intermediate", "distal"];

/** How a spine is counted, bottom first: by the rigs that number it. */
const NUMBERED_SPINES: readonly (readonly (readonly [stem: string, role: string])[])[] = [
  // Rigify: the hips are its first piece, the neck and head its last
  [["spine", "hips"], ["spine 1", "spine"], ["spine 2", "chest"], ["spine 3", "upperChest"], ["spine 4", "neck"], [
    "spine 6",
    "head",
  ]],
  // Unreal 5, of five
  [["spine 1", "spine"], ["spine 3", "chest"], ["spine 5", "upperChest"]],
  // Mixamo
  [["spine", "spine"], ["spine 1", "chest"], ["spine 2", "upperChest"]],
  // Character Creator
  [["waist", "spine"], ["spine 1", "chest"], ["spine 2", "upperChest"]],
  // Unreal 4, MakeHuman game engine
  [["spine 1", "spine"], ["spine 2", "chest"], ["spine 3", "upperChest"]],
];

const ROLE_OF = new Map<string, string>();
for (const [role, stems] of Object.entries(STEMS)) for (const stem of stems) ROLE_OF.set(stem, role);
for (const [role, words] of Object.entries(FINGERS)) {
  for (const word of words) {
    for (let n = 1; n <= 3; n++) {
      for (const stem of [`${word} ${n}`, `hand ${word} ${n}`, `${word} ${PHALANGES[n - 1]}`, `${word} finger ${n}`]) {
        ROLE_OF.set(stem, `${role}${n}`);
      }
    }
  }
}
ROLE_OF.set("thumb distal", "thumb3");

/** Biped counts fingers from the thumb on, and their parts behind that. */
const BIPED_FINGERS = new Map<string, string>();
for (const [finger, role] of ["thumb", ...Object.keys(FINGERS)].entries()) {
  for (let n = 1; n <= 3; n++) {
    BIPED_FINGERS.set(n === 1 ? `finger ${finger}` : `finger ${finger} ${n - 1}`, `${role}${n}`);
  }
}

/** Which rig's way of numbering a spine names fit: the first of the list all of whose pieces are there. */
function spineOf(stems: ReadonlySet<string>): ReadonlyMap<string, string> {
  const fitting = NUMBERED_SPINES.find((pieces) => pieces.every(([stem]) => stems.has(stem)));
  return new Map(fitting ?? []);
}

/**
 * The role each joint of a skeleton has, with its side: `upperArm -1`; `undefined`
 * for one no table knows. VRM's thumb begins with the metacarpal, Unity's with the
 * proximal. Where there is a pelvis, the hip above it moves no skin.
 */
export function jointRoles(jointNames: readonly string[]): (string | undefined)[] {
  const parts = jointNames.map(namePartsOf), stems = new Set(parts.map(({ stem }) => stem));
  const spine = spineOf(stems), startsAtMetacarpal = stems.has("thumb metacarpal"), isBiped = stems.has("finger 0");
  return parts.map(({ side, stem }: NameParts) => {
    let role = spine.get(stem) ?? ROLE_OF.get(stem);
    if (stem === "hip" && stems.has("pelvis")) role = undefined;
    if (isBiped) role ??= BIPED_FINGERS.get(stem);
    if (startsAtMetacarpal && stem === "thumb proximal") role = "thumb2";
    return role === undefined ? undefined : `${role} ${side}`;
  });
}
