import { fuzz } from "./_fuzz.ts";

for (const seed of [1, 2, 3, 4]) { // the seed is in the name, so a failure can be repeated
  Deno.test(`parseRecipe() gives a recipe or issues with places for 500 broken texts, seed ${seed}`, async () => {
    await fuzz(seed, 500);
  });
}
