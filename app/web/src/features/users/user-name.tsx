import { CopyableId } from "../../ui/copyable-id";
import { useNames } from "./queries";

/** A user's name; nothing for nobody, the id of whoever is not known by name. */
export function UserName({ id }: { id: string | null }) {
  const names = useNames();
  if (id === null) return null;
  return names(id) ?? <CopyableId id={id} label="user id" />;
}
