import { expect, test } from "vitest";
import { hoursOf, hoursText } from "./hours";

const at = (weekday: number, opens = "09:00", closes = "17:00") => ({ weekday, opens, closes });

test("days of the same hours that follow each other are one line, and come back as they were", () => {
  const hours = [1, 2, 3, 5].map((day) => at(day)).concat(at(6, "10:00", "12:00"));
  expect(hoursText(hours)).toBe("Mon-Wed 09:00-17:00\nFri 09:00-17:00\nSat 10:00-12:00");
  expect(hoursOf(hoursText(hours))).toEqual({ hours });
});

test("people write days in full, times without a zero, and lines with nothing in them", () => {
  expect(hoursOf(" monday – Tuesday 9:00 - 17:00\n\n")).toEqual({ hours: [at(1), at(2)] });
});

test.each(["Mon", "Someday 09:00-17:00", "Fri-Mon 09:00-17:00", "Mon 9-17"])("%s makes no sense", (line) => {
  expect(hoursOf(`Sun 00:00-24:00\n${line}`).wrong).toBe(line);
});
