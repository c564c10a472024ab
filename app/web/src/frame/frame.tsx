import { Outlet, useMatches } from "@tanstack/react-router";
import { may } from "../api/may";
import { useMe } from "../api/me";
import { Everywhere } from "./everywhere";
import classes from "./frame.module.css";
import { NotFoundPage } from "./not-found";
import { RetrySign } from "./retry-sign";
import { SideBar } from "./side-bar";

/** What is around every screen. */
export function Frame() {
  const { role } = useMe();
  const isHidden = useMatches().some(({ staticData: { needs } }) => needs && !may(role, needs));
  return (
    <div className={classes.frame}>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <SideBar />
      <main id="main" tabIndex={-1} className={classes.main}>
        <RetrySign />
        {isHidden ? <NotFoundPage /> : <Outlet />}
      </main>
      <Everywhere />
    </div>
  );
}
