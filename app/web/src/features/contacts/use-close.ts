import { useNavigate } from "@tanstack/react-router";

/** Back to the list, as it was. */
export function useClose(): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: "/contacts", search: true });
}
