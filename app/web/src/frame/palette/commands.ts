import { useNavigate } from "@tanstack/react-router";
import { useMe } from "../../api/me";
import { TYPES } from "../../features/tickets/search";
import { GENERAL } from "../../features/tickets/types";
import { SCHEMES, useScheme } from "../../styles/schemes";
import { overlay } from "../overlay";
import { screensFor } from "../screens";
import { signOut } from "../sign-out";
import type { Command } from "./command";

/** What can be done from everywhere, whatever the server has. */
export function useOwnCommands(): Command[] {
  const navigate = useNavigate();
  return [
    ...useScreenCommands(),
    {
      id: "new-ticket",
      group: "Actions",
      label: "New ticket",
      also: "create add",
      run: () => void navigate({ to: "/tickets/new" }),
    },
    ...TYPES.filter((type) => type !== GENERAL).map((type) => ({
      id: `request-${type}`,
      group: "Actions" as const,
      label: `Request ${type}`,
      also: "new ticket ask order",
      run: () => void navigate({ to: "/tickets/new/$type", params: { type } }),
    })),
    ...useSchemeCommands(),
    {
      id: "keys",
      group: "Actions",
      label: "Show the keys",
      also: "keyboard shortcuts help",
      keys: "?",
      run: () => {
        overlay.set("keys");
      },
    },
    { id: "sign-out", group: "Actions", label: "Sign out", also: "log out leave", run: signOut },
  ];
}

function useScreenCommands(): Command[] {
  const navigate = useNavigate();
  const { role } = useMe();
  return screensFor(role).map(({ to, title, letter }) => ({
    id: `screen-${to}`,
    group: "Screens",
    label: title,
    also: `go to ${title}`,
    keys: `g ${letter}`,
    run: () => void navigate({ to }),
  }));
}

function useSchemeCommands(): Command[] {
  const [scheme, setScheme] = useScheme();
  return SCHEMES.filter(({ value }) => value !== scheme).map(({ value, label }) => ({
    id: `scheme-${value}`,
    group: "Actions",
    label: `Colours: ${label.toLowerCase()}`,
    also: "theme mode appearance",
    run: () => {
      setScheme(value);
    },
  }));
}
