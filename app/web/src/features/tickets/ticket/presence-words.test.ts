import { expect, test } from "vitest";
import { presenceWords } from "./presence-words";

test.each([
  [[], [], ""],
  [["grace"], [], "grace has this open, too"],
  [["ada", "grace"], [], "ada and grace have this open, too"],
  [["ada", "grace", "joan", "mary"], [], "ada, grace and 2 more have this open, too"],
  [["grace"], ["grace"], "grace is writing"],
  [["ada", "grace"], ["grace"], "grace is writing · ada has this open, too"],
])("%o, of whom %o write", (viewers, writers, words) => {
  expect(presenceWords(viewers, writers)).toBe(words);
});
