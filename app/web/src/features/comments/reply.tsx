import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { useRef, type KeyboardEvent } from "react";
import { cache } from "../../api/cache";
import { useMay } from "../../api/may";
import { announce } from "../../ui/announcer";
import { FormProblem } from "../../ui/form-problem";
import { useDraft } from "../../ui/use-draft";
import { useKeys } from "../../ui/use-keys";
import classes from "./comments.module.css";
import { useAddComment } from "./queries";

const EMPTY = { body: "", kind: "answer" };

/** A quick answer, or a note that no requester sees; sent with Ctrl+Enter too. */
export function Reply({ ticketId }: { ticketId: string }) {
  const { draft, change, discard } = useDraft(`reply-${ticketId}`, EMPTY);
  const add = useAddComment(ticketId);
  const isStaff = useMay("ticket.triage");
  const box = useRef<HTMLTextAreaElement>(null);
  const isInternal = isStaff && draft.kind === "note";
  const focusBox = () => box.current?.focus();
  useKeys({ r: { does: "Answer", run: focusBox } }, "Ticket");

  function send() {
    if (draft.body.trim() === "" || cache.isMutating({ mutationKey: ["comments", ticketId, "add"] }) > 0)
      return;
    add.mutate(
      { body: draft.body, internal: isInternal },
      {
        onSuccess: () => {
          discard();
          announce(isInternal ? "Note added" : "Answer sent");
        },
      },
    );
  }

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
          data={[
            { value: "answer", label: "Answer" },
            { value: "note", label: "Internal note" },
          ]}
          value={draft.kind}
          onChange={(kind) => {
            change({ kind });
          }}
        />
      )}
      <Textarea
        ref={box}
        aria-label={isInternal ? "Internal note" : "Answer"}
        placeholder={isInternal ? "A note for agents and admins" : "Write an answer"}
        description="Markdown. Ctrl+Enter sends it."
        autosize
        minRows={3}
        maxRows={16}
        maxLength={20_000}
        value={draft.body}
        error={add.error?.about("body")}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        }}
        onChange={(event) => {
          change({ body: event.currentTarget.value });
        }}
      />
      <FormProblem problem={add.error} fields={["body"]} />
      <div className={classes.formActions}>
        <Button type="submit" size="compact-md" loading={add.isPending} disabled={draft.body.trim() === ""}>
          {isInternal ? "Add note" : "Send"}
        </Button>
      </div>
    </form>
  );
}
