import { Button, Textarea } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useMe } from "../../api/me";
import { Confirm } from "../../ui/confirm";
import { exactTime } from "../../ui/format";
import { FormProblem } from "../../ui/form-problem";
import { RelativeTime } from "../../ui/relative-time";
import classes from "./comments.module.css";
import { Written } from "./markdown";
import { useDeleteComment, useEditComment, type Comment } from "./queries";

type Props = { ticketId: string; comment: Comment };

export function CommentView({ ticketId, comment }: Props) {
  const [doing, setDoing] = useState<"reading" | "editing" | "deleting">("reading");
  const stop = () => {
    setDoing("reading");
  };
  return (
    <li className={classes.comment} data-internal={comment.internal || undefined}>
      <Head comment={comment} />
      {doing === "editing" ? (
        <EditForm ticketId={ticketId} comment={comment} onDone={stop} />
      ) : (
        <>
          <Written text={comment.body} />
          <Actions comment={comment} onDo={setDoing} />
        </>
      )}
      {doing === "deleting" && <Deleting ticketId={ticketId} comment={comment} onDone={stop} />}
    </li>
  );
}

function Head({ comment: { author, internal, createdAt, editedAt } }: { comment: Comment }) {
  return (
    <p className={classes.head}>
      <strong>{author.username}</strong> {internal && <span className={classes.internal}>Internal note</span>}
      <span className={classes.quiet}>
        <RelativeTime at={createdAt} /> ago
        {editedAt !== null && <span title={`Edited ${exactTime(new Date(editedAt))}`}> · edited</span>}
      </span>
    </p>
  );
}

type Doing = (what: "editing" | "deleting") => void;

/** For who wrote it, and admins. */
function Actions({ comment, onDo }: { comment: Comment; onDo: Doing }) {
  const me = useMe();
  if (me.id !== comment.author.id && me.role !== "admin") return null;
  return (
    <p className={classes.actions}>
      {(["editing", "deleting"] as const).map((what) => (
        <button
          key={what}
          type="button"
          onClick={() => {
            onDo(what);
          }}
        >
          {what === "editing" ? "Edit" : "Delete"}
          <span className="visually-hidden"> the comment of {comment.author.username}</span>
        </button>
      ))}
    </p>
  );
}

type DoingProps = Props & { onDone: () => void };

function EditForm({ ticketId, comment, onDone }: DoingProps) {
  const [body, setBody] = useState(comment.body);
  const edit = useEditComment(ticketId, comment.id);
  return (
    <form
      className={classes.form}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        edit.mutate(body, { onSuccess: onDone });
      }}
    >
      <Textarea
        aria-label="Comment"
        autosize
        minRows={3}
        maxRows={20}
        data-autofocus
        value={body}
        error={edit.error?.about("body")}
        onChange={(event) => {
          setBody(event.currentTarget.value);
        }}
      />
      <FormProblem problem={edit.error} fields={["body"]} />
      <div className={classes.formActions}>
        <Button variant="default" size="compact-md" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" size="compact-md" loading={edit.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

function Deleting({ ticketId, comment, onDone }: DoingProps) {
  const remove = useDeleteComment(ticketId, comment.id);
  return (
    <Confirm
      title="Delete this comment?"
      action="Delete comment"
      isDangerous
      isPending={remove.isPending}
      onCancel={onDone}
      onConfirm={() => {
        remove.mutate(undefined, { onSuccess: onDone });
      }}
    >
      <p>What it said stays in the ticket's history.</p>
      <FormProblem problem={remove.error} fields={[]} />
    </Confirm>
  );
}
