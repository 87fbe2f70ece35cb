// What our tests rely on in @std/assert. The same must hold for the stand-in in offline/ and for the original, which
// `deno task jsr` puts in its place; so messages are only asked for the words both say.
import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertNotStrictEquals,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

/** The error of a failed assertion; not by assertThrows(), which is under test. */
function failureOf(assertion: () => unknown): Error {
  try {
    assertion();
  } catch (error) {
    if (error instanceof AssertionError) return error;
    throw error;
  }
  throw new TypeError(`Assertion must fail: ${assertion} did not`);
}

class Point {
  constructor(readonly x: number) {}
}
class Other {
  constructor(readonly x: number) {}
}

function withoutPrototype(properties: object): object {
  return Object.assign(Object.create(null), properties);
}

function ring(x: number): object {
  const node: Record<string, unknown> = { x };
  node.next = { next: node };
  return node;
}

const symbol = Symbol("s");

const EQUAL: Readonly<Record<string, [unknown, unknown]>> = {
  "zeros of either sign": [0, -0],
  "zeros of either sign in an array": [[1, -0], [1, 0]],
  "zeros of either sign in a Float32Array": [
    new Float32Array([0, -0, 1]),
    new Float32Array([-0, 0, 1]),
  ],
  "zeros of either sign deep down": [
    { a: new Map([["b", { c: -0 }]]) },
    { a: new Map([["b", { c: 0 }]]) },
  ],
  "zeros under symbols": [{ [symbol]: -0 }, { [symbol]: 0 }],
  "zeros in instances": [new Point(0), new Point(-0)],
  "NaN": [NaN, NaN],
  "NaN in a Float64Array": [new Float64Array([NaN]), new Float64Array([NaN])],
  "keys in another order": [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  "an object without prototype": [withoutPrototype({ a: 1 }), { a: 1 }],
  "Maps in another order": [
    new Map([["a", 1], ["b", 2]]),
    new Map([["b", 2], ["a", 1]]),
  ],
  "Maps with objects as keys": [
    new Map([[{ a: 1 }, 1]]),
    new Map([[{ a: 1 }, 1]]),
  ],
  "Sets of objects": [new Set([{ a: 0 }]), new Set([{ a: -0 }])],
  "a view into a longer buffer": [
    new Float32Array([1, 2, 3]).subarray(1),
    new Float32Array([2, 3]),
  ],
  "buffers": [new Uint8Array([1]).buffer, new Uint8Array([1]).buffer],
  "dates": [new Date(5), new Date(5)],
  "rings": [ring(0), ring(-0)],
};

const DIFFERENT: Readonly<Record<string, [unknown, unknown]>> = {
  "a property that is undefined": [{ a: undefined }, {}],
  "a hole and undefined": [[, 1], [undefined, 1]],
  "null and undefined": [null, undefined],
  "a number and its text": [1, "1"],
  "arrays of other types": [new Float32Array([1]), new Float64Array([1])],
  "a typed array and an array": [new Uint8Array([1]), [1]],
  "typed arrays of other lengths": [new Uint8Array(2), new Uint8Array(3)],
  "one element of a long typed array": [
    new Float32Array(5000),
    new Float32Array(5000).fill(1, 4999),
  ],
  "classes": [new Point(1), new Other(1)],
  "an instance and a plain object": [new Point(1), { x: 1 }],
  "Maps of other values": [new Map([["a", 1]]), new Map([["a", 2]])],
  "a Map and a Set": [new Map(), new Set()],
  "dates": [new Date(5), new Date(6)],
  "patterns": [/a/, /a/g],
  "symbols": [{ [symbol]: 1 }, {}],
  "buffers": [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  "URLs": [new URL("a:b"), new URL("a:c")],
  "own properties of arrays": ["a".match(/a/), ["a"]],
  "rings": [ring(1), ring(2)],
  "a key named __proto__": [JSON.parse('{"__proto__":1}'), {}],
};

for (const [name, [a, b]] of Object.entries(EQUAL)) {
  Deno.test(`assertEquals() takes as equal: ${name}`, () => {
    assertEquals(a, b);
    assertEquals(b, a);
    failureOf(() => assertNotEquals(a, b));
  });
}

for (const [name, [a, b]] of Object.entries(DIFFERENT)) {
  Deno.test(`assertEquals() takes as different: ${name}`, () => {
    assertNotEquals(a, b);
    failureOf(() => assertEquals(a, b));
    failureOf(() => assertEquals(b, a, "reason"));
  });
}

Deno.test("assertEquals() says what the caller said", () => {
  const { name, message } = failureOf(() => assertEquals(1, 2, "one is two"));
  assertStrictEquals(name, "AssertionError");
  assertStringIncludes(message, "Values are not equal: one is two");
});

Deno.test("assertStrictEquals() tells -0 from 0 and copies from originals", () => {
  const array = [1];
  assertStrictEquals(array, array);
  assertStrictEquals(NaN, NaN);
  assertNotStrictEquals(0, -0);
  failureOf(() => assertStrictEquals(0, -0));
  failureOf(() => assertStrictEquals([1], [1]));
  failureOf(() => assertNotStrictEquals(array, array));
});

Deno.test("assertAlmostEquals() allows 1e-7 of the expected value unless told otherwise", () => {
  assertAlmostEquals(1 + 0.9e-7, 1);
  assertAlmostEquals(1000.00009, 1000);
  assertAlmostEquals(2, 1, 1);
  assertAlmostEquals(Infinity, Infinity);
  assertAlmostEquals(NaN, NaN);
  failureOf(() => assertAlmostEquals(1 + 1.1e-7, 1));
  failureOf(() => assertAlmostEquals(1e-9, 0));
  failureOf(() => assertAlmostEquals(2.1, 1, 1));
  failureOf(() => assertAlmostEquals(NaN, 1, 1));
  failureOf(() => assertAlmostEquals(Infinity, 1, 1));
});

Deno.test("assertLess() and its kin compare and say both values", () => {
  assertLess(1, 2);
  assertLessOrEqual(2, 2);
  assertGreater(2, 1);
  assertGreaterOrEqual(2, 2);
  assertMatch(failureOf(() => assertLess(2, 2)).message, /2 < 2/);
  failureOf(() => assertLessOrEqual(3, 2));
  failureOf(() => assertGreater(2, 2));
  failureOf(() => assertGreaterOrEqual(1, 2));
  failureOf(() => assertLess(NaN, 2));
  failureOf(() => assertGreaterOrEqual(NaN, 2));
});

Deno.test("assert() and its kin tell what is there", () => {
  assert(1);
  assertFalse("");
  assertExists(0);
  assertInstanceOf(new RangeError(), Error);
  assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }]);
  assertArrayIncludes(new Uint8Array([1, 2]), [2]);
  assertStrictEquals(failureOf(() => assert(0, "zero")).message, "zero");
  failureOf(() => assertFalse("no"));
  failureOf(() => assertExists(null));
  failureOf(() => assertExists(undefined));
  failureOf(() => assertInstanceOf({}, Error));
  failureOf(() => assertInstanceOf(null, Error));
  failureOf(() => assertArrayIncludes([1, 2], [3]));
  failureOf(() => fail());
});

Deno.test("assertStringIncludes(), assertMatch() and assertNotMatch() read text", () => {
  assertStringIncludes("abc", "b");
  assertMatch("abc", /^a/);
  assertNotMatch("abc", /^b/);
  failureOf(() => assertStringIncludes("abc", "d"));
  failureOf(() => assertMatch("abc", /^b/));
  failureOf(() => assertNotMatch("abc", /^a/));
});

Deno.test("assertObjectMatch() looks only at what is expected", () => {
  const report = { step: "fit", moved: { max: 2, mean: 1 }, notes: ["a", "b"] };
  assertObjectMatch(report, { step: "fit", moved: { max: 2 } });
  assertObjectMatch(report, { notes: ["a"] });
  failureOf(() => assertObjectMatch(report, { step: "align" }));
  failureOf(() => assertObjectMatch(report, { moved: { min: 0 } }));
  failureOf(() => assertObjectMatch(report, { notes: ["b"] }));
  failureOf(() => assertObjectMatch(report, { notes: ["a", "b", "c"] }));
});

Deno.test("assertThrows() returns the error if class and message are right", () => {
  const throwing = () => {
    throw new RangeError("radius must be > 0");
  };
  const error = assertThrows(throwing, RangeError, "must be > 0");
  assertStrictEquals(error.message, "radius must be > 0");
  assertThrows(throwing);
  assertThrows(throwing, Error);
  failureOf(() => assertThrows(() => 1));
  failureOf(() => assertThrows(() => 1, RangeError));
  failureOf(() => assertThrows(throwing, TypeError));
  failureOf(() => assertThrows(throwing, RangeError, "must be < 0"));
  failureOf(() =>
    assertThrows(() => {
      throw "text";
    }, Error)
  );
});

Deno.test("assertRejects() returns the error if class and message are right", async () => {
  const rejecting = () => Promise.reject(new RangeError("too small"));
  const error = await assertRejects(rejecting, RangeError, "small");
  assertStrictEquals(error.message, "too small");
  await assertRejects(rejecting);
  const failures: (() => Promise<unknown>)[] = [
    () => assertRejects(() => Promise.resolve()),
    () => assertRejects(rejecting, TypeError),
    () => assertRejects(rejecting, RangeError, "large"),
    () => assertRejects(() => Promise.reject("text"), Error),
    () =>
      assertRejects(() => {
        throw new RangeError("not a promise");
      }, RangeError),
  ];
  for (const failure of failures) {
    const caught = await failure().catch((error) => error);
    assertInstanceOf(caught, AssertionError, String(failure));
  }
});
