/**
 * The angle of the vector `(x, y)` in `[-π, π]`, `0` for the zero vector. Made of
 * `+ - * / sqrt` alone, so every engine gives the same bits, which `Math.atan2`
 * does not promise; within 4e-16 of it.
 */
export function angleOf(y: number, x: number): number {
  const ax = Math.abs(x), ay = Math.abs(y);
  if (ax === 0 && ay === 0) return 0;
  let t = ax < ay ? ax / ay : ay / ax;
  // atan(t) = 2 atan(t / (1 + sqrt(1 + t²))), twice: what is left is below 0.2
  t /= 1 + Math.sqrt(1 + t * t);
  t /= 1 + Math.sqrt(1 + t * t);
  const s = t * t;
  let sum = 0;
  for (let k = 23; k > 0; k -= 2) sum = 1 / k - s * sum;
  let angle = 4 * t * sum;
  if (ax < ay) angle = Math.PI / 2 - angle;
  if (x < 0) angle = Math.PI - angle;
  return y < 0 ? -angle : angle;
}
