import { assertEquals } from "@std/assert";
import { locateNode } from "../../recipes/locate.ts";

const text = `version: 1
inputs: { body: &b body.glb }
steps:
- fit:
    mesh: armor # a comment
    empty:
    to: *b
- 'quoted': >-
    folded
`;

for (
  const [path, at, expected] of [
    [["version"], "key", [1, 1, 8]],
    [["version"], "value", [1, 10, 11]],
    [["inputs", "body"], "key", [2, 11, 15]],
    [["inputs", "body"], "value", [2, 20, 28]],
    [["steps", 0, "fit", "mesh"], "value", [5, 11, 16]],
    [["steps", 0, "fit", "empty"], "value", [6, 5, 10]],
    [["steps", 0, "fit", "to"], "value", [7, 9, 11]],
    [["steps", 1, "quoted"], "key", [8, 3, 11]],
    [["steps", 0, "fit", "missing"], "value", [5, 5, 28]],
    [["steps", 7], "value", [4, 1, 7]],
    [[], "value", [1, 1, 11]],
  ] as const
) {
  Deno.test(`locateNode() finds the ${at} of ${JSON.stringify(path)}`, async () => {
    const { line, column, endColumn } = await locateNode(text, path, at);
    assertEquals<unknown>([line, column, endColumn], expected);
  });
}

Deno.test("locateNode() counts lines of CRLF and skips a byte order mark", async () => {
  const { line, column } = await locateNode(`\ufeff${text.replaceAll("\n", "\r\n")}`, ["steps", 0, "fit", "mesh"]);
  assertEquals([line, column], [5, 11]);
  assertEquals(await locateNode("\ufeffversion: 1", ["version"], "key"), { line: 1, column: 1, endColumn: 8 });
});
