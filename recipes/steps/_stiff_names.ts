import type { MeshPartFacts } from "../step.ts";

/** Words for stiff stuff and pieces in names of materials, meshes and nodes; each as it stands or with an s. */
export const STIFF_WORDS: readonly string[] = [
  "metal",
  "steel",
  "iron",
  "brass",
  "bronze",
  "plate",
  "armor",
  "armour",
  "buckle",
  "button",
  "rivet",
  "sole",
];
/** Words for what bends, whatever else the name says: leather armour, chain mail, a metallic cloth. */
export const SOFT_WORDS: readonly string[] = ["leather", "cloth", "fabric", "fur", "mail", "chain", "chainmail"];

/** Whether a name says that what it names is stiff: `Steel.001`, `belt_buckle`, `chestPlate`; not `template` or `LeatherArmor`. */
export function isStiffName(name: string): boolean {
  const words = wordsOf(name);
  return has(words, STIFF_WORDS) && !has(words, SOFT_WORDS);
}

/** Whether a part is stiff by the names it has; what its material is made of comes first. */
export function isStiffPart({ material = "", names }: MeshPartFacts): boolean {
  return !has(wordsOf(material), SOFT_WORDS) && [material, ...names].some(isStiffName);
}

/** The words of a name, in lower case: split at what is no letter, and before capitals. */
function wordsOf(name: string): string[] {
  return name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().split(/[^\p{L}]+/u);
}

function has(words: readonly string[], wanted: readonly string[]): boolean {
  return words.some((word) => wanted.includes(word) || (word.endsWith("s") && wanted.includes(word.slice(0, -1))));
}
