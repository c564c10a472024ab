import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import type { JobStatus } from "../../live/events";
import { capitalized } from "../../ui/format";
import { userNamesQuery } from "../users/queries";
import classes from "./jobs.module.css";
import { STATUSES, type JobSearch } from "./search";
import { verbOf, VERBS } from "./sentences";

const route = getRouteApi("/jobs");

/** What to show of a tab; the address has what is chosen. */
export function Filters() {
  const { tab = "motion", status, type, requestedBy } = route.useSearch();
  const names = useQuery({ ...userNamesQuery, enabled: useMay("jobs.post") }); // others see their own jobs alone
  return (
    <div className={classes.filters}>
      <Choice
        name="type"
        label="Type"
        any="Any type"
        value={type}
        options={Object.keys(VERBS).map((value) => [value, value === "bulk-undo" ? "Undo" : verbOf(value)])}
      />
      {tab !== "scheduled" && (
        <Choice
          name="status"
          label="State"
          any="Any state"
          value={status?.join()}
          options={statusOptions(STATUSES[tab], status)}
        />
      )}
      {names.data && (
        <Choice name="requestedBy" label="By" any="Anyone" value={requestedBy} options={[...names.data]} />
      )}
    </div>
  );
}

/** A link may ask for several states; the choice has them as one then. */
function statusOptions(statuses: readonly JobStatus[], chosen: JobStatus[] = []): Option[] {
  const options =
    chosen.length > 1 ? [...statuses.map((one) => [one]), chosen] : statuses.map((one) => [one]);
  return options.map((option) => [option.join(), option.map(capitalized).join(" or ")]);
}

type Option = readonly [value: string, label: string];

type ChoiceProps = {
  name: keyof JobSearch;
  label: string;
  any: string;
  value: string | undefined;
  options: Option[];
};

function Choice({ name, label, any, value = "", options }: ChoiceProps) {
  const navigate = route.useNavigate();
  return (
    <NativeSelect
      aria-label={label}
      size="xs"
      value={value}
      data={[{ value: "", label: any }, ...options.map(([value, label]) => ({ value, label }))]}
      onChange={({ currentTarget }) => {
        const chosen = currentTarget.value || undefined;
        const value = name === "status" ? chosen?.split(",") : chosen;
        void navigate({ search: (old) => ({ ...old, [name]: value, page: undefined }) });
      }}
    />
  );
}
