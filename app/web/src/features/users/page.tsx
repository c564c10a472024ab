import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { SearchBox } from "../../ui/search-box";
import { SkeletonRows } from "../../ui/skeleton";
import { useRowKeys } from "../../ui/use-row-keys";
import { columns } from "./columns";
import { UserFilters } from "./filters";
import { usersQuery } from "./queries";

const route = getRouteApi("/users");
const MAX_TEXT_LENGTH = 254; // as the API has it

export function UsersPage() {
  const query = useQuery(usersQuery(route.useSearch()));
  const rows = useRowKeys("Users");
  return (
    <Page title="Users" tools={<Search />}>
      <UserFilters />
      <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
        {({ users, pagination }) =>
          users.length === 0 ? (
            <EmptyState title="No users match">Take something out of the search, or clear it.</EmptyState>
          ) : (
            <div ref={rows}>
              <DataTable caption="Users" columns={columns} rows={users} keyOf={({ id }) => id} />
              <Pager pagination={pagination} />
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

function Search() {
  const { text = "" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <SearchBox
      label="Search names and e-mails"
      screen="Users"
      maxLength={MAX_TEXT_LENGTH}
      text={text}
      onSearch={(wanted) =>
        void navigate({ search: (old) => ({ ...old, text: wanted || undefined, page: undefined }) })
      }
    />
  );
}
