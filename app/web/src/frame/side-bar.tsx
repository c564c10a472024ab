import { Link } from "@tanstack/react-router";
import { Fragment, lazy, Suspense } from "react";
import { useMe } from "../api/me";
import { Mark } from "../features/sign-in/mark";
import { Kbd } from "../ui/kbd";
import classes from "./frame.module.css";
import { SearchIcon } from "./icons";
import { JobsSign } from "./jobs-sign";
import { overlay } from "./overlay";
import { screensFor, type Screen } from "./screens";
import { UserMenu } from "./user-menu";

const SideViews = lazy(() => import("../features/views/side-views"));

/** At the side, or at the bottom of a narrow window. */
export function SideBar() {
  const screens = screensFor(useMe().role);
  const wide = screens.filter(({ place }) => place === "wide");
  return (
    <nav aria-label="Screens" className={classes.side}>
      <p className={classes.brand}>
        <Mark /> Bulkhead
      </p>
      <PaletteButton />
      <div className={classes.nav}>
        {screens.map(
          (screen) =>
            screen.place === "bar" && (
              <Fragment key={screen.to}>
                <Item {...screen} />
                {screen.to === "/tickets" && (
                  <Suspense>
                    <SideViews />
                  </Suspense>
                )}
              </Fragment>
            ),
        )}
        {wide.length > 0 && <hr />}
        {wide.map((screen) => (
          <Item key={screen.to} {...screen} />
        ))}
      </div>
      <UserMenu />
    </nav>
  );
}

function PaletteButton() {
  return (
    <button
      type="button"
      aria-keyshortcuts="Control+K Meta+K"
      className={`${classes.item} ${classes.find}`}
      data-wide-only
      onClick={() => {
        overlay.set("palette");
      }}
    >
      <SearchIcon />
      <span>Find</span>
      <Kbd keys="Ctrl+k" />
    </button>
  );
}

function Item({ to, title, icon: Icon, place }: Screen) {
  return (
    <Link
      to={to}
      className={classes.item}
      data-wide-only={place === "wide" || undefined}
      activeOptions={{ includeSearch: false }}
      activeProps={{ "aria-current": "page" }}
    >
      <Icon />
      <span>{title}</span>
      {to === "/jobs" && <JobsSign />}
    </Link>
  );
}
