import { NativeSelect } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { capitalized, words } from "../../ui/format";
import { PRIORITIES, STATUSES, type TicketSearch } from "../tickets/search";
import classes from "./trash.module.css";

const route = getRouteApi("/trash");

export function TrashFilters() {
  const { status, priority } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (fields: TicketSearch) => {
    void navigate({ search: (old) => ({ ...old, ...fields, page: undefined }) });
  };
  return (
    <div className={classes.filters} role="group" aria-label="Filter">
      <Choice
        label="Status"
        values={STATUSES}
        chosen={status}
        onChoose={(chosen) => {
          change({ status: chosen });
        }}
      />
      <Choice
        label="Priority"
        values={PRIORITIES}
        chosen={priority}
        onChoose={(chosen) => {
          change({ priority: chosen });
        }}
      />
    </div>
  );
}

type ChoiceProps<T> = {
  label: string;
  values: readonly T[];
  chosen: readonly T[] | undefined;
  onChoose: (chosen: T[] | undefined) => void;
};

function Choice<T extends string>({ label, values, chosen, onChoose }: ChoiceProps<T>) {
  const any = { value: "", label: `Any ${label.toLowerCase()}` };
  return (
    <NativeSelect
      aria-label={label}
      size="xs"
      data={[any, ...values.map((value) => ({ value, label: capitalized(words(value)) }))]}
      value={chosen?.[0] ?? ""}
      onChange={({ currentTarget }) => {
        const value = values.find((one) => one === currentTarget.value);
        onChoose(value && [value]);
      }}
    />
  );
}
