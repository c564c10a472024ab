import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Problem } from "../../../client/src/problems.ts";
import { eventTypesQuery } from "./queries";
import type { Values } from "./values";
import classes from "./webhooks.module.css";

type Props = { values: Values; change: (patch: Partial<Values>) => void; problem: Problem | null };

export function Fields({ values, change, problem }: Props) {
  return (
    <>
      <TextInput
        label="URL"
        description="Each event is sent there by POST"
        type="url"
        placeholder="https://example.com/hook"
        data-autofocus
        maxLength={2000}
        value={values.url}
        error={problem?.about("url")}
        onChange={({ currentTarget }) => {
          change({ url: currentTarget.value });
        }}
      />
      <TextInput
        label="Description"
        maxLength={255}
        value={values.description}
        error={problem?.about("description")}
        onChange={({ currentTarget }) => {
          change({ description: currentTarget.value });
        }}
      />
      <Events values={values} change={change} problem={problem} />
      {values.events.some((name) => name.startsWith("job.")) && (
        <Checkbox
          label="With the items of each job"
          description="When it ends, 1,000 at a time"
          checked={values.items}
          onChange={({ currentTarget }) => {
            change({ items: currentTarget.checked });
          }}
        />
      )}
    </>
  );
}

function Events({ values, change, problem }: Props) {
  const { data: types = [], error } = useQuery(eventTypesQuery);
  const hasAll = types.length > 0 && values.events.length === types.length;
  return (
    <Checkbox.Group
      label="Events"
      value={values.events}
      error={error?.detail ?? problem?.about("events")}
      onChange={(events) => {
        change({ events });
      }}
    >
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          change({ events: hasAll ? [] : types.map(({ name }) => name) });
        }}
      >
        {hasAll ? "None" : "All of them"}
      </Button>
      <div className={classes.events}>
        {types.map(({ name, description }) => (
          <Checkbox key={name} value={name} label={name} description={description} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
