import { queryOptions, useQuery } from "@tanstack/react-query";
import { answerOf, api } from "../../api/client";

/** What most tickets are: it has no fields of its own. */
export const GENERAL = "general";

export type Fields = Readonly<Record<string, unknown>>;

/** The types of ticket, each with the JSON Schema of its fields. */
export const typesQuery = queryOptions({
  queryKey: ["ticket-types"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/ticket-types", { signal })),
  select: ({ ticketTypes }) => ticketTypes,
  staleTime: Infinity,
});

/** Return a ticket's fields in the order that its type has them in, once that is known: nothing jumps. */
export function useFieldsInOrder(type: string, fields: Fields): Fields {
  const { data: types, isPending } = useQuery({ ...typesQuery, enabled: type !== GENERAL });
  if (isPending) return {};
  const schema = types?.find((each) => each.type === type)?.schema;
  const names = Object.keys(schema?.properties ?? {});
  const inOrder: Fields = Object.fromEntries(
    names.filter((name) => name in fields).map((name) => [name, fields[name]]),
  );
  return { ...inOrder, ...fields };
}
