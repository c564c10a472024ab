import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ErrorState } from "../../ui/error-state";
import { SkeletonRows } from "../../ui/skeleton";
import { CommentView } from "./comment";
import classes from "./comments.module.css";
import { commentsQuery } from "./queries";
import { Reply } from "./reply";

/** What was said of a ticket, and a place to answer. */
export default function Conversation({ ticketId }: { ticketId: string }) {
  const query = useInfiniteQuery(commentsQuery(ticketId));
  return (
    <section aria-label="Conversation" className={classes.conversation}>
      {query.isError && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <SkeletonRows rows={3} />}
      {query.data?.length === 0 && <p className={classes.quiet}>Nobody has answered yet.</p>}
      <ol className={classes.comments} aria-label="Comments">
        {query.data?.map((comment) => (
          <CommentView key={comment.id} ticketId={ticketId} comment={comment} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="compact-md"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      <Reply ticketId={ticketId} />
    </section>
  );
}
