import { Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "../../ui/loaded";
import { Sheet } from "../../ui/sheet";
import { SkeletonRows } from "../../ui/skeleton";
import { toast } from "../../ui/toast";
import { partsQuery, useReplaceParts } from "../requests/queries";
import { Form } from "./form";

/** What optics can be asked for: the list that requests choose from. */
export function PartsDialog({ onClose }: { onClose: () => void }) {
  const query = useQuery(partsQuery);
  return (
    <Sheet onClose={onClose} title="Optics that can be asked for">
      <Loaded query={query} skeleton={<SkeletonRows rows={4} />}>
        {(parts) => <Parts parts={parts} onClose={onClose} />}
      </Loaded>
    </Sheet>
  );
}

function Parts({ parts, onClose }: { parts: string[]; onClose: () => void }) {
  const [text, setText] = useState(parts.slice(0, -1).join("\n")); // `Other` is always there, and the last one
  const replace = useReplaceParts();

  function submit() {
    const named = text.split("\n").map((line) => line.trim());
    replace.mutate(named.filter(Boolean), {
      onSuccess: () => {
        onClose();
        toast("Saved the list of optics");
      },
    });
  }

  return (
    <Form
      action="Save"
      problem={replace.error}
      fields={["parts"]}
      isPending={replace.isPending}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Textarea
        label="Parts"
        description="One part a line; Other is always the last one"
        autosize
        minRows={6}
        maxRows={16}
        data-autofocus
        value={text}
        error={replace.error?.about("parts")}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
      />
    </Form>
  );
}
