import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { contactQuery } from "./queries";

/** A contact's name, which leads there; the beginning of their id until it is known. */
export function ContactName({ id }: { id: string }) {
  const { data: contact } = useQuery(contactQuery(id));
  return (
    <Link to="/contacts/$contactId" params={{ contactId: id }}>
      {contact?.name ?? id.slice(0, 8)}
    </Link>
  );
}
