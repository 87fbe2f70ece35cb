import { assertEquals } from "@std/assert";
import { bytes, columns, counted, duration, plain, wrap } from "../../cli/layout.ts";

Deno.test("columns() lines cells up and wraps the last one under itself", () => {
  assertEquals(columns([["a", "one two"], ["long", "three"]]), ["  a     one two", "  long  three"]);
  assertEquals(columns([["name", "aaaa bbbb cccc dddd eeee ffff gggg hhhh"]], "", 36), [
    "name  aaaa bbbb cccc dddd eeee ffff",
    "      gggg hhhh",
  ]);
  assertEquals(columns([["only"], []]), ["  only", ""]);
  assertEquals(columns([]), []);
});

Deno.test("wrap() breaks between words and never inside one", () => {
  assertEquals(wrap("one two three", 7), ["one two", "three"]);
  assertEquals(wrap("a very-long-word b", 6), ["a", "very-long-word", "b"]);
  assertEquals(wrap(""), []);
});

Deno.test("plain() takes away what a terminal would obey, and keeps lines", () => {
  assertEquals(plain("a\x1b[2Jb\nc\td\u202e"), "a [2Jb\nc d ");
});

Deno.test("numbers are written for people", () => {
  assertEquals([9.96, 10, 999, 1180].map(duration), ["10.0 ms", "10 ms", "999 ms", "1.18 s"]);
  assertEquals([0, 1023, 1024, 3 * 1024 * 1024].map(bytes), ["0 B", "1023 B", "1 KiB", "3.00 MiB"]);
  assertEquals([counted(1, "fault"), counted(0, "fault")], ["1 fault", "0 faults"]);
});
