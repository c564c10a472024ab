import { useEffect, type ReactNode } from "react";
import { announce } from "../ui/announcer";
import { ConnectionSign } from "./connection-sign";
import classes from "./frame.module.css";
import { TabTitle } from "./tab-title";

type Props = {
  title: string;
  /** What is open on the screen, for the tab and for screen readers. */
  about?: string | undefined;
  /** What the browser's tab shows, if that is more than the title. */
  tab?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
};

/** A screen: its title, what stands beside that, and whether what it shows is live. */
export function Page({ title, about = title, tab = <TabTitle title={about} />, tools, children }: Props) {
  useEffect(() => {
    announce(about);
  }, [about]);
  return (
    <>
      {tab}
      <header className={classes.header}>
        <h1>{title}</h1>
        <div className={classes.tools}>{tools}</div>
        <ConnectionSign />
      </header>
      {children}
    </>
  );
}
