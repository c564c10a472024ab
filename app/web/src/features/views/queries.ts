import { queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";
import { toast } from "../../ui/toast";

export type View = Schemas["ViewResponse"];
type NewView = Schemas["CreateView"];

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

export function useDeleteView({ id, name, filter, shared }: View) {
  const save = useSaveView();
  return useMutation({
    mutationFn: () => answerOf(api.DELETE("/api/views/{view_id}", { params: { path: { view_id: id } } })),
    onSuccess: () => {
      const undo = () => {
        save.mutate({ name, filter, shared });
      };
      toast(`Deleted the view “${name}”`, [{ label: "Undo", onClick: undo }]);
      refresh();
    },
  });
}

function refresh(): void {
  void cache.invalidateQueries({ queryKey: ["views"] });
}
