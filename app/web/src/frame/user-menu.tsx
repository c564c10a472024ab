import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMe } from "../api/me";
import { SCHEMES, useScheme } from "../styles/schemes";
import classes from "./frame.module.css";
import { MoreIcon } from "./icons";
import { overlay } from "./overlay";
import { screensFor } from "./screens";
import { signOut } from "./sign-out";

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
        <Menu.Divider />
        <ColorSchemes />
        <Menu.Divider />
        <Overlays />
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Those that have no place in the bar, or none in that of a narrow window. */
function Screens() {
  const screens = screensFor(useMe().role).filter(({ place }) => place !== "bar");
  return screens.map(({ to, title, place }) => (
    <Menu.Item
      key={to}
      component={Link}
      to={to}
      className={place === "wide" ? classes.narrowOnly : undefined}
    >
      {title}
    </Menu.Item>
  ));
}

function ColorSchemes() {
  const [scheme, setScheme] = useScheme();
  return (
    <Menu.RadioGroup value={scheme} onChange={setScheme}>
      {SCHEMES.map(({ value, label }) => (
        <Menu.RadioItem key={value} value={value}>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function Overlays() {
  return (
    <>
      <Menu.Item
        onClick={() => {
          overlay.set("palette");
        }}
      >
        Find…
      </Menu.Item>
      <Menu.Item
        className={classes.wideOnly}
        onClick={() => {
          overlay.set("keys");
        }}
      >
        Keys
      </Menu.Item>
    </>
  );
}
