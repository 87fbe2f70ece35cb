import type { Column } from "./_column.ts";

/** Lowest and highest value of each component, as accessors declare them. */
export class Bounds {
  /** Lowest, by component. */
  readonly min: number[];
  /** Highest, by component. */
  readonly max: number[];

  /** Starts empty. */
  constructor(components: number) {
    this.min = new Array<number>(components).fill(Infinity);
    this.max = new Array<number>(components).fill(-Infinity);
  }

  /** Takes in a value of a component. */
  add(component: number, value: number): void {
    if (value < this.min[component]) this.min[component] = value;
    if (value > this.max[component]) this.max[component] = value;
  }
}

/** Lowest and highest stored value of each component. */
export function columnBounds(
  { array, step, components, count }: Pick<Column, "array" | "step" | "components" | "count">,
): { min: number[]; max: number[] } {
  const bounds = new Bounds(components);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < components; c++) bounds.add(c, array[step * i + c]);
  }
  return { min: bounds.min, max: bounds.max };
}
