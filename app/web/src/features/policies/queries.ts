import { queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";

export type Policy = Schemas["PolicyResponse"];
export type Calendar = Schemas["CalendarResponse"];

/** The policies in the order in which they are tried. */
export const policiesQuery = queryOptions({
  queryKey: ["policies", "list"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/sla-policies", { signal })),
});

export const calendarsQuery = queryOptions({
  queryKey: ["policies", "calendars"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/calendars", { signal })),
});

/** Add a policy, or change one; a job then works out anew when open tickets are due. */
export function useSavePolicy(id: string | undefined) {
  return useMutation({
    mutationKey: ["policies", "save"],
    mutationFn: (body: Required<Schemas["CreatePolicy"]>) =>
      answerOf(
        id === undefined
          ? api.POST("/api/sla-policies", { body })
          : api.PATCH("/api/sla-policies/{policy_id}", { params: { path: { policy_id: id } }, body }),
      ),
    onSuccess: refetch,
  });
}

export function useDeletePolicy(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.DELETE("/api/sla-policies/{policy_id}", { params: { path: { policy_id: id } } })),
    onSuccess: refetch,
  });
}

/** Add a calendar, or change one; the answer has the job that this takes, if policies count by it. */
export function useSaveCalendar(id: string | undefined) {
  return useMutation({
    mutationKey: ["policies", "save-calendar"],
    mutationFn: async (body: Required<Schemas["CreateCalendar"]>) => {
      if (id !== undefined) {
        const params = { path: { calendar_id: id } };
        return answerOf(api.PATCH("/api/calendars/{calendar_id}", { params, body }));
      }
      return { calendar: await answerOf(api.POST("/api/calendars", { body })), jobId: null };
    },
    onSuccess: refetch,
  });
}

export function useDeleteCalendar(id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(api.DELETE("/api/calendars/{calendar_id}", { params: { path: { calendar_id: id } } })),
    onSuccess: refetch,
  });
}

function refetch(): void {
  void cache.invalidateQueries({ queryKey: ["policies"] });
}
