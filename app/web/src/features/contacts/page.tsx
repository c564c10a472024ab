import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { CursorPages } from "../../ui/cursor-pages";
import { DataTable } from "../../ui/data-table";
import { EmptyState } from "../../ui/empty-state";
import { Loaded } from "../../ui/loaded";
import { useRowKeys } from "../../ui/row-cursor";
import { SearchBox } from "../../ui/search-box";
import { SkeletonRows } from "../../ui/skeleton";
import { useKeys } from "../../ui/use-keys";
import classes from "./contacts.module.css";
import { columns } from "./columns";
import { contactsQuery } from "./queries";

const route = getRouteApi("/contacts");
const MAX_TEXT_LENGTH = 254; // as the API has it

export function ContactsPage() {
  const search = route.useSearch();
  const query = useQuery(contactsQuery(search));
  useRowKeys("Contacts");
  return (
    <Page
      title="Contacts"
      tools={
        <>
          <SearchBox
            label="Search names, e-mails and organizations"
            screen="Contacts"
            maxLength={MAX_TEXT_LENGTH}
          />
          <NewContact />
        </>
      }
    >
      <Loaded query={query} skeleton={<SkeletonRows />}>
        {({ contacts, nextCursor }) =>
          contacts.length === 0 ? (
            <Nothing isSearched={search.text !== undefined} />
          ) : (
            <>
              <DataTable caption="Contacts" columns={columns} rows={contacts} keyOf={({ id }) => id} />
              <CursorPages first="First" next="Next" nextCursor={nextCursor} />
            </>
          )
        }
      </Loaded>
      <Outlet />
    </Page>
  );
}

function NewContact() {
  const navigate = route.useNavigate();
  const open = () => void navigate({ to: "/contacts/new", search: true });
  useKeys({ c: { does: "New contact", run: open } }, "Contacts");
  return (
    <Button size="compact-md" onClick={open} aria-label="New contact" title="New contact (c)">
      <span aria-hidden>+&nbsp;</span>New<span className={classes.noun}>&nbsp;contact</span>
    </Button>
  );
}

function Nothing({ isSearched }: { isSearched: boolean }) {
  return isSearched ? (
    <EmptyState title="No contacts match">Take something out of the search, or clear it.</EmptyState>
  ) : (
    <EmptyState title="No contacts yet">
      They are the people whom tickets are for, and need no account here.
    </EmptyState>
  );
}
