import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { Pager } from "../../ui/pager";
import { SearchBox } from "../../ui/search-box";
import { SkeletonRows } from "../../ui/skeleton";
import { useRowKeys } from "../../ui/row-cursor";
import { columns } from "./columns";
import { UserFilters } from "./filters";
import { NewUser } from "./new-user";
import { usersQuery } from "./queries";

const route = getRouteApi("/users");
const MAX_TEXT_LENGTH = 254; // as the API has it

export function UsersPage() {
  const query = useQuery(usersQuery(route.useSearch()));
  useRowKeys("Users");
  return (
    <Page
      title="Users"
      tools={
        <>
          <SearchBox label="Search names and e-mails" screen="Users" maxLength={MAX_TEXT_LENGTH} />
          <NewUser />
        </>
      }
    >
      <UserFilters />
      <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
        {({ users, pagination }) =>
          users.length === 0 ? (
            <EmptyState title="No users match">Take something out of the search, or clear it.</EmptyState>
          ) : (
            <>
              <DataTable caption="Users" columns={columns} rows={users} keyOf={({ id }) => id} />
              <Pager pagination={pagination} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
