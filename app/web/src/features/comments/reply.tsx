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

const KINDS = [
  { value: "answer", label: "Answer" },
  { value: "note", label: "Internal note" },
];
const EMPTY = { body: "", kind: "answer" };

/** A quick answer, or a note that no requester sees; sent with Ctrl+Enter too. */
export function Reply({ ticketId }: { ticketId: string }) {
  const { draft, change, discard } = useDraft(`reply-${ticketId}`, EMPTY);
  const add = useAddComment(ticketId);
  const isStaff = useMay("ticket.triage");
  const isInternal = isStaff && draft.kind === "note";

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
        error={add.error?.about("body")}
        onChange={(body) => {
          change({ body });
        }}
        onSend={send}
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

type BoxProps = {
  label: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
  onSend: () => void;
};

function Box({ label, value, error, onChange, onSend }: BoxProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  useKeys({ r: { does: "Answer", run: () => box.current?.focus() } }, "Ticket");
  return (
    <Textarea
      ref={box}
      label={label}
      description="Markdown; Ctrl+Enter sends it"
      autosize
      minRows={3}
      maxRows={16}
      maxLength={20_000}
      value={value}
      error={error}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSend();
      }}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
