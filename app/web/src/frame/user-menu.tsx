import { Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMay } from "../api/may";
import { useMe } from "../api/me";
import { session } from "../api/session";
import { toast } from "../ui/toast";
import classes from "./frame.module.css";
import { MoreIcon } from "./icons";

const SCHEMES: [MantineColorScheme, string][] = [
  ["auto", "Colours of the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

export function UserMenu() {
  const { username, role } = useMe();
  return (
    <Menu
      position="top-start"
      width={220}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 100 }}
    >
      <Menu.Target>
        <button type="button" className={classes.user}>
          <MoreIcon />
          <span>
            {username} <span className={classes.role}>({role})</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Screens />
        <Menu.Item component={Link} to="/account">
          My account
        </Menu.Item>
        <Menu.Divider />
        <ColorSchemes />
        <Menu.Divider />
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Those that have no place in the bar of a narrow window. */
function Screens() {
  const maySeeAudit = useMay("audit.see");
  const mayChangeUsers = useMay("users.change");
  return (
    <>
      {maySeeAudit && (
        <Menu.Item component={Link} to="/audit" className={classes.narrowOnly}>
          Audit
        </Menu.Item>
      )}
      {mayChangeUsers && (
        <Menu.Item component={Link} to="/users" className={classes.narrowOnly}>
          Users
        </Menu.Item>
      )}
    </>
  );
}

function ColorSchemes() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup
      value={colorScheme}
      onChange={(chosen) => {
        const scheme = SCHEMES.find(([name]) => name === chosen)?.[0];
        if (scheme) setColorScheme(scheme);
      }}
    >
      {SCHEMES.map(([scheme, label]) => (
        <Menu.RadioItem key={scheme} value={scheme}>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function signOut(): void {
  session.signOut().catch(() => {
    toast("Bulkhead cannot be reached, so you are still signed in. Try again.");
  });
}
