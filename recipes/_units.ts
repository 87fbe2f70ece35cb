import { tidy, type Units } from "./_quantity.ts";

/** Code works in metres; `%bbox` is a share of the diagonal of a mesh's bounds. */
export const LENGTH_UNITS: Units = {
  plural: "Lengths",
  units: { mm: { shift: -3 }, cm: { shift: -2 }, m: { shift: 0 }, "%bbox": { shift: -2 } },
  bare: "m",
  aliases: {
    "%": "%bbox",
    millimetre: "mm",
    millimetres: "mm",
    millimeters: "mm",
    metre: "m",
    meter: "m",
    metres: "m",
    meters: "m",
  },
  foreign: { in: 0.0254, inch: 0.0254, inches: 0.0254, '"': 0.0254, ft: 0.3048, um: 1e-6, "µm": 1e-6, km: 1e3 },
  print: (metres) => Math.abs(metres) < 0.1 ? `${tidy(metres * 1e3)}mm` : `${tidy(metres)}m`,
};

/** Code works in radians. A bare number could be either, so it is neither. */
export const ANGLE_UNITS: Units = {
  plural: "Angles",
  units: { deg: { factor: Math.PI / 180 }, rad: { factor: 1 } },
  aliases: { "°": "deg", degree: "deg", degrees: "deg", radian: "rad", radians: "rad" },
  print: (radians) => `${tidy(radians * 180 / Math.PI)}deg`,
};

/** Code works in bytes. */
export const MEMORY_UNITS: Units = {
  plural: "Amounts of memory",
  units: { KiB: { factor: 2 ** 10 }, MiB: { factor: 2 ** 20 }, GiB: { factor: 2 ** 30 } },
  aliases: { K: "KiB", k: "KiB", M: "MiB", m: "MiB", G: "GiB", g: "GiB" },
  foreign: { B: 1, byte: 1, bytes: 1 },
  print: (bytes) => {
    const [unit, factor] = bytes >= 2 ** 30 ? ["GiB", 2 ** 30] : bytes >= 2 ** 20 ? ["MiB", 2 ** 20] : ["KiB", 2 ** 10];
    return `${tidy(bytes / Number(factor))}${unit}`;
  },
};

/** Code works in milliseconds. */
export const TIME_UNITS: Units = {
  plural: "Times",
  units: { ms: { shift: 0 }, s: { shift: 3 }, min: { factor: 60_000 } },
  aliases: { sec: "s", secs: "s", seconds: "s", second: "s", minutes: "min", minute: "min" },
  foreign: { m: 60_000, h: 3_600_000 },
  print: (ms) =>
    ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000}min` : ms >= 1000 ? `${tidy(ms / 1000)}s` : `${tidy(ms)}ms`,
};

/** A ratio is a bare number or a percentage. */
export const RATIO_UNITS: Units = {
  plural: "Ratios",
  units: { "%": { shift: -2 }, "": { shift: 0 } },
  bare: "",
  aliases: { percent: "%", pct: "%" },
  print: (share) => `${tidy(share * 100)}%`,
};
