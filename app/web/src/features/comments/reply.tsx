import { Button, SegmentedControl } from "@mantine/core";
import { useMemo } from "react";
import { cache } from "../../api/cache";
import { useMay } from "../../api/may";
import { writing } from "../../live/presence";
import { announce } from "../../ui/announcer";
import { FormProblem } from "../../ui/form-problem";
import { useDraft } from "../../ui/use-draft";
import { Box } from "./box";
import classes from "./comments.module.css";
import { useAddComment } from "./queries";

const KINDS = [
  { value: "answer", label: "Answer" },
  { value: "note", label: "Internal note" },
];
const EMPTY = { body: "", kind: "answer" };

/** A quick answer, or a note that no requester sees; sent with Ctrl+Enter too. */
export function Reply({ ticketId }: { ticketId: string }) {
  const isStaff = useMay("ticket.triage");
  const { draft, change, isInternal, send, problem, isPending } = useReply(ticketId, isStaff);
  const tellOthers = useMemo(() => writing(ticketId), [ticketId]);
  return (
    <form
      className={classes.form}
      data-internal={isInternal || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {isStaff && (
        <SegmentedControl
          size="xs"
          aria-label="Who is to see it"
          data={KINDS}
          value={draft.kind}
          onChange={(kind) => {
            change({ kind });
          }}
        />
      )}
      <Box
        label={isInternal ? "Internal note" : "Answer"}
        value={draft.body}
        error={problem?.about("body")}
        onChange={(body) => {
          change({ body });
          if (isStaff) tellOthers();
        }}
        kinds={isStaff ? ["answer", "note"] : ["answer"]}
        onBegin={(kind) => {
          change({ kind });
        }}
        onSend={send}
      />
      <FormProblem problem={problem} fields={["body"]} />
      <div className={classes.formActions}>
        <Button type="submit" size="compact-md" loading={isPending} disabled={draft.body.trim() === ""}>
          {isInternal ? "Add note" : "Send"}
        </Button>
      </div>
    </form>
  );
}

function useReply(ticketId: string, isStaff: boolean) {
  const { draft, change, discard } = useDraft(`reply-${ticketId}`, EMPTY);
  const { mutate, error, isPending } = useAddComment(ticketId);
  const isInternal = isStaff && draft.kind === "note";

  function send() {
    if (draft.body.trim() === "" || cache.isMutating({ mutationKey: ["comments", ticketId, "add"] }) > 0)
      return;
    mutate(
      { body: draft.body, internal: isInternal },
      {
        onSuccess: () => {
          discard();
          announce(isInternal ? "Note added" : "Answer sent");
        },
      },
    );
  }

  return { draft, change, isInternal, send, problem: error, isPending };
}
