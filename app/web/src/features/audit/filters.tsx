import { Input } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { stringifySearch } from "../../search";
import { Choice } from "../../ui/choice";
import { beginOf, dayOf, lastDayBefore } from "../../ui/days";
import { Filters } from "../../ui/filters";
import { userNamesQuery } from "../users/queries";
import classes from "./audit.module.css";
import type { AuditSearch } from "./search";
import { ACTIONS } from "./sentences";

const route = getRouteApi("/audit");

type Option = { value: string; label: string };

export function AuditFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: names } = useQuery(userNamesQuery);
  const users = [...(names ?? [])].map(([value, label]) => ({ value, label }));
  const actions = Object.entries(ACTIONS).map(([value, label]) => ({ value, label }));

  function narrow(part: AuditSearch) {
    void navigate({ search: (old) => ({ ...old, ...part, cursor: undefined }) });
  }

  const { cursor, ...filter } = search;
  const isNarrowed = stringifySearch(filter) !== "";
  return (
    <Filters onClear={isNarrowed && (() => void navigate({ search: {} }))}>
      <Choice
        label="Action"
        none="Any action"
        options={including(search.action, actions)}
        value={search.action}
        onChoose={(action) => {
          narrow({ action });
        }}
      />
      <Choice
        label="Who"
        none="By anyone"
        options={including(search.actorId, users)}
        value={search.actorId}
        onChoose={(actorId) => {
          narrow({ actorId });
        }}
      />
      <Choice
        label="About"
        none="About anything"
        options={including(search.subjectId, users)}
        value={search.subjectId}
        onChoose={(subjectId) => {
          narrow({ subjectId });
        }}
      />
      <Day
        label="From"
        day={dayOf(search.after)}
        onChoose={(day) => {
          narrow({ after: beginOf(day) });
        }}
      />
      <Day
        label="Until"
        day={lastDayBefore(search.before)}
        onChoose={(day) => {
          narrow({ before: beginOf(day, 1) });
        }}
      />
    </Filters>
  );
}

/** An address may ask for what is in no list: a job, or a user whom we have no name of. */
function including(value: string | undefined, options: Option[]): Option[] {
  if (value === undefined || options.some((option) => option.value === value)) return options;
  return [...options, { value, label: value.length > 32 ? value.slice(0, 8) : value }];
}

function Day({ label, day, onChoose }: { label: string; day: string; onChoose: (day: string) => void }) {
  return (
    <label className={classes.day}>
      {label}
      <Input
        type="date"
        size="xs"
        value={day}
        onChange={(event) => {
          onChoose(event.currentTarget.value);
        }}
      />
    </label>
  );
}
