import { getRouteApi } from "@tanstack/react-router";
import { Choice } from "../../ui/choice";
import { Filters } from "../../ui/filters";
import { capitalized } from "../../ui/format";
import { ROLES } from "./roles";

const route = getRouteApi("/users");

const ROLE_OPTIONS = ROLES.map((value) => ({ value, label: capitalized(value) }));
const STATES = [
  { value: "true", label: "Active" },
  { value: "false", label: "Deactivated" },
] as const;

export function UserFilters() {
  const { text, role, active } = route.useSearch();
  const navigate = route.useNavigate();
  const isNarrowed = text !== undefined || role !== undefined || active !== undefined;
  return (
    <Filters onClear={isNarrowed && (() => void navigate({ search: {} }))}>
      <Choice
        label="Role"
        none="Any role"
        options={ROLE_OPTIONS}
        value={role}
        onChoose={(chosen) => void navigate({ search: (old) => ({ ...old, role: chosen, page: undefined }) })}
      />
      <Choice
        label="State"
        none="Active or not"
        options={STATES}
        value={active === undefined ? undefined : active ? "true" : "false"}
        onChoose={(chosen) =>
          void navigate({
            search: (old) => ({ ...old, active: chosen && chosen === "true", page: undefined }),
          })
        }
      />
    </Filters>
  );
}
