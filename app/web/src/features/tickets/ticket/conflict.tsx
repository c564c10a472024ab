import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { capitalized, words } from "../../../ui/format";
import { Sheet } from "../../../ui/sheet";
import { ContactName } from "../../contacts/contact-name";
import { useNameOf } from "../../users/queries";
import { differing, type Field, type Values } from "./changes";
import classes from "./ticket.module.css";

type Props = {
  mine: Values;
  theirs: Values;
  /** What was edited here, of which something else is there now. */
  edited: Field[];
  isPending: boolean;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onGoOn: () => void;
};

const NAMES: Record<Field, string> = {
  title: "Title",
  description: "Description",
  status: "Status",
  priority: "Priority",
  assigneeId: "Assignee",
  contactId: "Contact",
  tags: "Tags",
};

/** Someone else has changed the ticket meanwhile: both versions, and a choice. */
export function Conflict({ mine, theirs, edited, isPending, onKeepMine, onTakeTheirs, onGoOn }: Props) {
  return (
    <Sheet onClose={onGoOn} title="Someone else changed this ticket" size="xl">
      {edited.length === 0 ? (
        <p>They made the changes that you made: there is nothing left to save.</p>
      ) : (
        <Versions mine={mine} theirs={theirs} edited={edited} />
      )}
      <div className={classes.formActions}>
        <Button variant="default" onClick={onGoOn}>
          Go on editing
        </Button>
        <Button variant="default" onClick={onTakeTheirs}>
          Take theirs
        </Button>
        <Button loading={isPending} onClick={onKeepMine}>
          Save mine
        </Button>
      </div>
    </Sheet>
  );
}

function Versions({ mine, theirs, edited }: Pick<Props, "mine" | "theirs" | "edited">) {
  const wordsOf = useFieldWords();
  return (
    <table className={classes.versions}>
      <caption>To save yours changes what you edited, in bold. All else stays as they have it.</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Yours</th>
          <th scope="col">Theirs</th>
        </tr>
      </thead>
      <tbody>
        {differing(mine, theirs).map((field) => (
          <tr key={field}>
            <th scope="row">{NAMES[field]}</th>
            <td data-edited={edited.includes(field) || undefined}>{wordsOf(field, mine)}</td>
            <td>{wordsOf(field, theirs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useFieldWords(): (field: Field, values: Values) => ReactNode {
  const nameOf = useNameOf();
  return (field, values) => {
    switch (field) {
      case "status":
      case "priority":
        return capitalized(words(values[field]));
      case "assigneeId":
        return values.assigneeId === null ? "Nobody" : nameOf(values.assigneeId);
      case "contactId":
        return values.contactId ? <ContactName id={values.contactId} /> : "Nobody";
      case "tags":
        return values.tags.join(", ") || "None";
      default:
        return values[field] || "None";
    }
  };
}
