import { CopyableId } from "../../ui/copyable-id";
import { useUserName } from "./queries";

/** A user's name; nothing for nobody, the id of whoever is not known by name. */
export function UserName({ id }: { id: string | null }) {
  const name = useUserName(id);
  if (id === null) return null;
  return name ?? <CopyableId id={id} label="user id" />;
}
