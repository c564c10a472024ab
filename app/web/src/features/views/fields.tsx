import { Checkbox, MultiSelect, NativeSelect, TextInput } from "@mantine/core";
import { useMay } from "../../api/may";
import type { Problem } from "../../../client/src/problems.ts";
import { capitalized } from "../../ui/format";
import { LIST_COLUMNS, SORTS, type Sort } from "../tickets/search";
import type { View } from "./queries";
import type { Values } from "./values";
import classes from "./views.module.css";

type Props = { values: Values; change: (patch: Partial<Values>) => void; problem: Problem | null };

const SORT_WORDS: Record<Sort, string> = {
  relevance: "Best match first",
  "-created": "Newest first",
  created: "Oldest first",
  "-updated": "Last updated first",
  updated: "Longest untouched first",
};

export function Fields({ filter, values, change, problem }: Props & Pick<View, "filter">) {
  const mayShare = useMay("view.share");
  return (
    <>
      <TextInput
        label="Name"
        data-autofocus
        value={values.name}
        maxLength={100}
        error={problem?.about("name")}
        onChange={(event) => {
          change({ name: event.currentTarget.value });
        }}
      />
      <Columns values={values} change={change} problem={problem} />
      <Order filter={filter} values={values} change={change} problem={problem} />
      {mayShare && <Sharing values={values} change={change} problem={problem} />}
      <TextInput
        label="Position"
        description="Views with a lower number come first"
        inputMode="numeric"
        value={values.position}
        maxLength={7}
        error={problem?.about("position")}
        onChange={(event) => {
          change({ position: event.currentTarget.value.replace(/\D/g, "") });
        }}
      />
    </>
  );
}

function Columns({ values, change, problem }: Props) {
  return (
    <MultiSelect
      label="Columns"
      description="In the order in which they are chosen; none are the usual ones"
      data={LIST_COLUMNS.map((value) => ({ value, label: capitalized(value) }))}
      value={values.columns}
      comboboxProps={{ withinPortal: false, floatingStrategy: "fixed" }}
      error={problem?.errors.find(({ path }) => path.startsWith("$.columns"))?.message}
      onChange={(columns) => {
        change({ columns });
      }}
    />
  );
}

function Order({ filter, values, change, problem }: Props & Pick<View, "filter">) {
  const usual = filter.text === undefined ? "-created" : "relevance";
  const offered = SORTS.filter((sort) => sort !== "relevance" || filter.text !== undefined);
  return (
    <NativeSelect
      label="Sort"
      data={offered.map((sort) => ({ value: sort, label: SORT_WORDS[sort] }))}
      value={values.sort ?? usual}
      error={problem?.about("sort")}
      onChange={(event) => {
        const sort = event.currentTarget.value as Sort;
        change({ sort: sort === usual ? null : sort });
      }}
    />
  );
}

const ROLES = { requester: "Requesters", agent: "Agents", admin: "Admins" } satisfies Record<
  View["sharedWith"][number],
  string
>;

function Sharing({ values, change, problem }: Props) {
  return (
    <Checkbox.Group
      label="Shared with"
      value={values.sharedWith}
      error={problem?.about("sharedWith")}
      onChange={(sharedWith) => {
        change({ sharedWith });
      }}
    >
      <div className={classes.roles}>
        {Object.entries(ROLES).map(([role, label]) => (
          <Checkbox key={role} value={role} label={label} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
