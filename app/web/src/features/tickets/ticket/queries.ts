import { queryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../../api/cache";
import { answerOf, api } from "../../../api/client";
import { useMe, type User } from "../../../api/me";
import { announce } from "../../../ui/announcer";
import { capitalized, words } from "../../../ui/format";
import { changed, refetchLists, useChangeTicket, type Ticket } from "../queries";
import type { Status } from "../search";

/** Change a ticket's status, where its arrows lead. */
export function useMove({ id, version }: Ticket) {
  const { mutate, ...rest } = useChangeTicket(id);
  return {
    ...rest,
    move: (status: Status) => {
      mutate({ changes: { status }, version });
    },
  };
}

/** Whether it is for this user to approve or reject a ticket that waits for that. */
export function mayDecide({ id, role }: User, { status, assigneeId }: Ticket): boolean {
  return status === "pending_approval" && (role === "admin" || (role === "agent" && id === assigneeId));
}

/** Approve a ticket; with a reason, reject it. */
export function useDecide({ id }: Ticket) {
  const params = { path: { ticket_id: id } };
  return useMutation({
    mutationFn: (reason: string | undefined) =>
      answerOf(
        reason === undefined
          ? api.POST("/api/tickets/{ticket_id}/approve", { params })
          : api.POST("/api/tickets/{ticket_id}/reject", { params, body: { reason } }),
      ),
    onSuccess: (ticket) => {
      changed(ticket);
      announce(capitalized(words(ticket.status)));
    },
    onError: ({ status }) => {
      if (status === 409) void cache.invalidateQueries({ queryKey: ["tickets", "one", id] });
    },
  });
}

/** Assign a ticket to whoever asks; one that another has, only as long as it is as it was seen. */
export function useTake({ id, version, assigneeId }: Ticket) {
  const me = useMe();
  const path = { ticket_id: id };
  return useMutation({
    mutationFn: () =>
      answerOf(
        assigneeId === null
          ? api.POST("/api/tickets/{ticket_id}/take", { params: { path } })
          : api.PATCH("/api/tickets/{ticket_id}", {
              params: { path, header: { "If-Match": `"${version}"` } },
              body: { assigneeId: me.id },
            }),
      ),
    onSuccess: changed,
    onError: ({ status }) => {
      if (status === 409 || status === 412)
        void cache.invalidateQueries({ queryKey: ["tickets", "one", id] });
    },
  });
}

/** Close a ticket for good as a duplicate of another one, which is the answer. */
export function useMerge({ id }: Ticket) {
  return useMutation({
    mutationFn: (into: string) =>
      answerOf(
        api.POST("/api/tickets/{ticket_id}/merge", { params: { path: { ticket_id: id } }, body: { into } }),
      ),
    onSuccess: (survivor) => {
      changed(survivor);
      refetchLists();
      for (const about of [id, survivor.id]) refetchAllOf(about);
    },
  });
}

/** The tickets that one has to do with. */
export const relatedQuery = (id: string) =>
  queryOptions({
    queryKey: ["related", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/tickets/{ticket_id}/related", { params: { path: { ticket_id: id } }, signal })),
    select: ({ tickets }) => tickets,
  });

/** Relate a ticket to another one, or take that away. */
export function useRelate(id: string) {
  return useMutation({
    mutationFn: ({ otherId, isRelated }: { otherId: string; isRelated: boolean }) => {
      const params = { path: { ticket_id: id, other_id: otherId } };
      const path = "/api/tickets/{ticket_id}/related/{other_id}";
      return answerOf(isRelated ? api.PUT(path, { params }) : api.DELETE(path, { params }));
    },
    onSuccess: (_, { otherId }) => {
      for (const about of [id, otherId]) {
        void cache.invalidateQueries({ queryKey: ["history", about] });
        void cache.invalidateQueries({ queryKey: ["related", about] });
      }
    },
  });
}

/** Tickets by a number or by words, for one to be chosen. */
export const candidatesQuery = (text: string) =>
  queryOptions({
    queryKey: ["tickets", "candidates", text],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/tickets", { params: { query: { text, limit: 10 } }, signal })),
    select: ({ tickets }) => tickets,
    enabled: text !== "",
  });

function refetchAllOf(id: string): void {
  void cache.invalidateQueries({ queryKey: ["tickets", "one", id] });
  for (const of of ["comments", "history", "related"]) void cache.invalidateQueries({ queryKey: [of, id] });
}
