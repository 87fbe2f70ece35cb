/** A joint's name, taken apart. */
export interface NameParts {
  /** -1 left, 1 right, 0 for neither. */
  readonly side: -1 | 0 | 1;
  /** What is left in small letters, words and numbers without leading zeros, such as `upper arm` or `index 1`. */
  readonly stem: string;
}

/** What rigs put before every name, in small letters. */
const PREFIXES =
  /^(mixamorig( \d+)?|bip( \d+)?|biped( \d+)?|cc base|def|org|mch|j (bip|sec|adj|opt) [clr]|valve biped|armature|rig|skeleton|bone) /;
const LEFT = new Set(["l", "left", "lft"]), RIGHT = new Set(["r", "right", "rgt"]);

/**
 * Takes a name apart: namespaces, prefixes, case, separators and side markers of
 * any place: `mixamorig:LeftHand`, `hand_l`, `Hand.L`, `DEF-hand.L`, `lHand` and
 * `J_Bip_L_Hand` are all the left `hand`.
 */
export function namePartsOf(name: string): NameParts {
  const own = name.slice(Math.max(name.lastIndexOf(":"), name.lastIndexOf("|")) + 1);
  const words = own
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/([A-Za-z])(\d)/g, "$1 $2")
    .replace(/(finger \d)(\d)$/i, "$1 $2") // Biped counts Finger0, Finger01, Finger02, Finger1, Finger11
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim().toLowerCase();
  const sided = /^j (?:bip|sec|adj|opt) ([clr]) /.exec(words)?.[1];
  const rest = (words + " ").replace(PREFIXES, "").trim();
  let side: -1 | 0 | 1 = sided === "l" ? -1 : sided === "r" ? 1 : 0;
  const kept: string[] = [];
  for (const word of rest.split(" ")) {
    if (side === 0 && LEFT.has(word)) side = -1;
    else if (side === 0 && RIGHT.has(word)) side = 1;
    else kept.push(/^\d+$/.test(word) ? String(Number(word)) : word);
  }
  return { side, stem: kept.join(" ") };
}
