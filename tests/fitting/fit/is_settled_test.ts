import { assertEquals } from "@std/assert";
import { isSettled } from "../../../fitting/fit/_is_settled.ts";

Deno.test("isSettled() lets no place move of a garment, and one in 5,000 of those beyond the first 50,000", () => {
  for (const [places, most] of [[1, 0], [8_000, 0], [50_000, 0], [54_999, 0], [55_000, 1], [1_050_000, 200]] as const) {
    const moved = new Float64Array(places).fill(2e-4);
    assertEquals(isSettled(moved), true);
    moved.fill(3e-4, 0, most);
    assertEquals(isSettled(moved), true, `${places} places, ${most} of which move`);
    moved.fill(3e-4, 0, most + 1);
    assertEquals(isSettled(moved), false, `${places} places, ${most + 1} of which move`);
  }
});
