import { queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import { toast } from "../../ui/toast";
import { inAddress, ticketSearch, type TicketSearch } from "../tickets/search";

export type View = Schemas["ViewResponse"];
type NewView = Schemas["CreateView"];

const MOST_COUNTED = 20; // as the API has it
const RECOUNT_MS = 10_000;

/** One's own views and those that are shared, a hundred at most; not those of the trash. */
export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/views", { params: { query: { limit: 100 } }, signal })),
  select: ({ views }) => views.filter(({ filter }) => !filter.deleted),
});

export function useSaveView() {
  return useMutation({
    mutationKey: ["views", "save"],
    mutationFn: (body: NewView) => answerOf(api.POST("/api/views", { body })),
    onSuccess: refresh,
  });
}

export function useChangeView(id: string) {
  return useMutation({
    mutationFn: (body: Schemas["PatchView"]) =>
      answerOf(api.PATCH("/api/views/{view_id}", { params: { path: { view_id: id } }, body })),
    onSuccess: refresh,
  });
}

/** What the address of a list says that shows a view: all that it is made of, so that it can be changed from there. */
export function searchOf({ filter, sort, columns }: View): TicketSearch {
  return ticketSearch({ ...filter, ...inAddress(filter.fields), sort, columns });
}

/** How many tickets each view matches, as far as the API could count them in a moment. */
export const countsQuery = (views: readonly View[]) =>
  queryOptions({
    queryKey: ["views", "counts", views.map(({ id }) => id)],
    queryFn: ({ signal }) => {
      const query = { view: views.slice(0, MOST_COUNTED).map(({ id }) => id) };
      return answerOf(api.GET("/api/views/counts", { params: { query }, signal }));
    },
    select: ({ counts }) => new Map(counts.map((each) => [each.viewId, each])),
    enabled: views.length > 0,
    refetchInterval: RECOUNT_MS,
  });

export function useDeleteView({ id, name, filter, sharedWith, columns, sort, position }: View) {
  const save = useSaveView();
  return useMutation({
    mutationFn: () => answerOf(api.DELETE("/api/views/{view_id}", { params: { path: { view_id: id } } })),
    onSuccess: () => {
      const undo = () => {
        save.mutate({ name, filter, sharedWith, columns, sort, position });
      };
      toast(`Deleted the view “${name}”`, [{ label: "Undo", onClick: undo }]);
      refresh();
    },
  });
}

function refresh(): void {
  void cache.invalidateQueries({ queryKey: ["views"] });
}
