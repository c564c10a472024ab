import { lazy, Suspense } from "react";
import { session } from "./api/session";
import { loadApp } from "./early";
import { SignInAgain } from "./features/sign-in/again";
import { SignInPage } from "./features/sign-in/page";
import { StartingPage } from "./features/sign-in/starting";
import { useStore } from "./store";

const App = lazy(loadApp);

/** Lets in who is signed in, whatever the address; who signs in finds what the address says. */
export function Gate() {
  const phase = useStore(session.phase);
  if (phase === "starting") return <StartingPage />;
  if (phase === "signed-out") return <SignInPage onInterest={() => void loadApp()} />;
  return (
    <Suspense fallback={<StartingPage />}>
      <App />
      {phase === "expired" && <SignInAgain />}
    </Suspense>
  );
}
