import type { ReactNode } from "react";
import { SignInForm } from "./form";
import { Mark } from "./mark";
import { RegisterForm } from "./register";
import { ResetForm } from "./reset";
import classes from "./sign-in.module.css";

/** `onInterest` is called when someone begins to fill a form in: time to fetch what comes behind it. */
export function SignInPage({ onInterest }: { onInterest: () => void }) {
  switch (location.pathname) {
    case "/register":
      return (
        <Card title="Register" onInterest={onInterest} below={<a href="/">Sign in instead</a>}>
          <RegisterForm />
        </Card>
      );
    case "/reset-password":
      return (
        <Card title="Choose a password" onInterest={onInterest} below={<a href="/">Sign in instead</a>}>
          <ResetForm token={location.hash.slice(1)} />
        </Card>
      );
    default:
      return (
        <Card title="Sign in" onInterest={onInterest} below={<a href="/register">Register</a>}>
          <SignInForm action="Sign in" />
        </Card>
      );
  }
}

type CardProps = { title: string; onInterest: () => void; below: ReactNode; children: ReactNode };

function Card({ title, onInterest, below, children }: CardProps) {
  return (
    <main className={classes.page} onInput={onInterest}>
      <title>{`${title} · Bulkhead`}</title>
      <div className={classes.card}>
        <h1 className={classes.brand}>
          <Mark /> Bulkhead
        </h1>
        {children}
        <p className={classes.below}>{below}</p>
      </div>
    </main>
  );
}
