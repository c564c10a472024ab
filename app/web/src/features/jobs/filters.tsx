import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import type { JobStatus } from "../../../client/src/events.ts";
import { Choice } from "../../ui/choice";
import { capitalized } from "../../ui/format";
import { userNamesQuery } from "../users/queries";
import classes from "./jobs.module.css";
import { STATUSES, type JobSearch } from "./search";
import { verbOf, VERBS } from "./sentences";

const route = getRouteApi("/jobs");

const TYPES = Object.keys(VERBS).map((value) => ({ value, label: verbOf(value) }));

/** What to show of a tab; the address has what is chosen. */
export function Filters() {
  const { tab = "motion", status, type, requestedBy } = route.useSearch();
  const navigate = route.useNavigate();
  const names = useQuery({ ...userNamesQuery, enabled: useMay("jobs.post") }); // others see their own jobs alone
  const narrow = (part: JobSearch) =>
    void navigate({ search: (old) => ({ ...old, ...part, page: undefined }) });
  return (
    <div className={classes.filters}>
      <Choice
        label="Type"
        none="Any type"
        value={type}
        options={TYPES}
        onChoose={(chosen) => {
          narrow({ type: chosen });
        }}
      />
      {tab !== "scheduled" && (
        <Choice
          label="State"
          none="Any state"
          value={status?.join()}
          options={statusOptions(STATUSES[tab], status)}
          onChoose={(chosen) => {
            narrow({ status: chosen?.split(",") as JobStatus[] | undefined });
          }}
        />
      )}
      {names.data && (
        <Choice
          label="By"
          none="Anyone"
          value={requestedBy}
          options={[...names.data].map(([value, label]) => ({ value, label }))}
          onChoose={(chosen) => {
            narrow({ requestedBy: chosen });
          }}
        />
      )}
    </div>
  );
}

/** A link may ask for several states; the choice has them as one then. */
function statusOptions(statuses: readonly JobStatus[], chosen: JobStatus[] = []) {
  const options =
    chosen.length > 1 ? [...statuses.map((one) => [one]), chosen] : statuses.map((one) => [one]);
  return options.map((option) => ({
    value: option.join(),
    label: option.map(capitalized).join(" or "),
  }));
}
