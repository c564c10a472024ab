import { session } from "../api/session";
import { toast } from "../ui/toast";

export function signOut(): void {
  session.signOut().catch(() => {
    toast("Bulkhead cannot be reached, so you are still signed in. Try again.");
  });
}
