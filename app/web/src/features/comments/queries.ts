import { infiniteQueryOptions, useMutation } from "@tanstack/react-query";
import { cache } from "../../api/cache";
import { answerOf, api, type Schemas } from "../../api/client";

export type Comment = Schemas["CommentResponse"];

const PAGE = 100;

const keyOf = (ticketId: string) => ["comments", ticketId];

/** What was said of a ticket, the oldest first. */
export const commentsQuery = (ticketId: string) =>
  infiniteQueryOptions({
    queryKey: keyOf(ticketId),
    queryFn: ({ signal, pageParam: cursor }) => {
      const query = { limit: PAGE, ...(cursor !== null && { cursor }) };
      const params = { path: { ticket_id: ticketId }, query };
      return answerOf(api.GET("/api/tickets/{ticket_id}/comments", { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ comments }) => comments),
  });

export function useAddComment(ticketId: string) {
  return useMutation({
    mutationKey: [...keyOf(ticketId), "add"],
    mutationFn: (body: Schemas["CreateComment"]) =>
      answerOf(
        api.POST("/api/tickets/{ticket_id}/comments", { params: { path: { ticket_id: ticketId } }, body }),
      ),
    onSuccess: () => refetchComments(ticketId),
  });
}

export function useEditComment(ticketId: string, id: string) {
  return useMutation({
    mutationFn: (body: string) =>
      answerOf(
        api.PATCH("/api/tickets/{ticket_id}/comments/{comment_id}", {
          params: { path: { ticket_id: ticketId, comment_id: id } },
          body: { body },
        }),
      ),
    onSuccess: () => refetchComments(ticketId),
  });
}

export function useDeleteComment(ticketId: string, id: string) {
  return useMutation({
    mutationFn: () =>
      answerOf(
        api.DELETE("/api/tickets/{ticket_id}/comments/{comment_id}", {
          params: { path: { ticket_id: ticketId, comment_id: id } },
        }),
      ),
    onSuccess: () => refetchComments(ticketId),
  });
}

export function refetchComments(ticketId: string): Promise<void> {
  void cache.invalidateQueries({ queryKey: ["history", ticketId] });
  return cache.invalidateQueries({ queryKey: keyOf(ticketId) });
}
