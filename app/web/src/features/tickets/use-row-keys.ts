import { getRouteApi } from "@tanstack/react-router";
import { moveCursor } from "../../ui/row-cursor";
import { useKeys } from "../../ui/use-keys";

const route = getRouteApi("/tickets");

/** `j` and `k` move the cursor over the rows; beside an open ticket, they open each one on their way. */
export function useRowKeys(openId: string | undefined): void {
  const navigate = route.useNavigate();

  function move(by: 1 | -1) {
    const ticketId = moveCursor(by);
    if (openId === undefined || ticketId === undefined) return;
    void navigate({ to: "/tickets/$ticketId", params: { ticketId }, search: true, replace: true });
  }

  useKeys({
    j: () => {
      move(1);
    },
    k: () => {
      move(-1);
    },
  });
}
