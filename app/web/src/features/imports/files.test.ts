import { expect, test } from "vitest";
import { csvOf, formatOf } from "./files";

test("a file is read as its name says, and else as CSV", () => {
  expect(["a.csv", "a.ndjson", "A.JSONL", "a"].map(formatOf)).toEqual(["csv", "ndjson", "ndjson", "csv"]);
});

test("what separates cells is quoted within them", () => {
  const faults = [
    { line: 2, column: "title", code: "invalid", message: "too short" },
    { line: 3, column: null, code: "malformed", message: 'expected "," here' },
  ];
  expect(csvOf(faults)).toBe(
    'line,column,code,message\r\n2,title,invalid,too short\r\n3,,malformed,"expected "","" here"\r\n',
  );
});
