import { expect, test } from "vitest";
import { jobSearch } from "./features/jobs/search";
import { filterOf, inAddress, isFiltered, ticketSearch } from "./features/tickets/search";
import { parseSearch, stringifySearch } from "./search";

test("an address is read and written alike", () => {
  const address = "?status=open&status=in_progress&text=caf%C3%A9+%26+1&page=3";
  expect(stringifySearch(ticketSearch(parseSearch(address)))).toBe(address);
});

test("words that look like numbers or truths stay words", () => {
  expect(ticketSearch(parseSearch("?text=007&tags=true")).text).toBe("007");
  expect(ticketSearch(parseSearch("?text=007&tags=true")).tags).toEqual(["true"]);
});

test("what makes no sense is left out, and nothing is left of an empty search", () => {
  expect(stringifySearch(ticketSearch(parseSearch("?status=gone&page=0&page=x&text=&a=b")))).toBe("");
  expect(stringifySearch(jobSearch(parseSearch("?status=running&status=paused&page=1")))).toBe(
    "?status=running&status=paused",
  );
  expect(ticketSearch(parseSearch("?page=-1")).page).toBeUndefined();
});

test("the usual order goes without saying, and is no filter", () => {
  expect(ticketSearch(parseSearch("?sort=-created")).sort).toBeUndefined();
  expect(ticketSearch(parseSearch("?text=fire&sort=relevance")).sort).toBeUndefined();
  expect(ticketSearch(parseSearch("?text=fire&sort=-created")).sort).toBe("-created");
  expect(ticketSearch(parseSearch("?sort=title")).sort).toBeUndefined();
  const search = ticketSearch(parseSearch("?sort=-updated&page=2"));
  expect(search.sort).toBe("-updated");
  expect(isFiltered(search)).toBe(false);
  expect(isFiltered(ticketSearch(parseSearch("?tags=spam")))).toBe(true);
});

test("what is no time is left out, for nothing could be said of it", () => {
  expect(ticketSearch(parseSearch("?createdAfter=yesterday")).createdAfter).toBeUndefined();
});

test("fields of a type are in the address as in the API, and of one object in a filter", () => {
  const address = "?type=cable&fields.cableLength=30&fields.quantity=2";
  const search = ticketSearch(parseSearch(address));
  const fields = { cableLength: "30", quantity: 2 };
  expect(stringifySearch(search)).toBe(address);
  expect(filterOf(search)).toEqual({ type: ["cable"], fields });
  expect(ticketSearch(inAddress(fields))).toMatchObject({ "fields.cableLength": "30", "fields.quantity": 2 });
  expect(isFiltered(ticketSearch(inAddress(fields)))).toBe(true);
});

test("a field without a value, or a number that is none, is left out", () => {
  const search = ticketSearch(parseSearch("?fields.cableType=&fields.quantity=two"));
  expect(filterOf(search)).toEqual({});
  expect(filterOf(ticketSearch(inAddress()))).toEqual({});
});
