import { expect, test } from "vitest";
import { fit } from "./fuzzy";

function best(typed: string, texts: string[]): string | undefined {
  return texts.filter((text) => fit(typed, text) > 0).sort((a, b) => fit(typed, b) - fit(typed, a))[0];
}

test("letters that are not there, or in another order, do not fit", () => {
  expect(fit("xyz", "Go to Jobs")).toBe(0);
  expect(fit("sboj", "Go to Jobs")).toBe(0);
});

test("spaces and case do not matter", () => {
  expect(fit("GO JO", "Go to Jobs")).toBeGreaterThan(0);
});

test("beginnings of words come before letters within them", () => {
  expect(best("gj", ["Change subject", "Go to Jobs"])).toBe("Go to Jobs");
});

test("letters in a row come before scattered ones", () => {
  expect(best("dark", ["Dashboard of a rank", "Colours: dark"])).toBe("Colours: dark");
});

test("of two that fit alike the shorter comes first", () => {
  expect(best("jobs", ["Jobs that wait", "Jobs"])).toBe("Jobs");
});
