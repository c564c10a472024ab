import { useCanGoBack, useNavigate, useRouter } from "@tanstack/react-router";

export function useOpen() {
  const navigate = useNavigate();
  return (ticketId: string) => navigate({ to: "/tickets/$ticketId", params: { ticketId }, search: true });
}

/** Back to where one was. */
export function useClose(): () => void {
  const { history } = useRouter();
  const canGoBack = useCanGoBack();
  const navigate = useNavigate();
  return () => {
    if (canGoBack) history.back();
    else void navigate({ to: "/tickets", search: true, replace: true });
  };
}
