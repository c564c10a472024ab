import { lazy, useDeferredValue } from "react";
import { session } from "./api/session";
import { ahead, loadApp } from "./early";
import { SignInAgain } from "./features/sign-in/again";
import { MissingPage } from "./features/sign-in/missing";
import { SignInPage } from "./features/sign-in/page";
import { StartingPage } from "./features/sign-in/starting";
import { useStore } from "./store";

const App = lazy(() => loadApp().catch(() => ({ default: MissingPage })));

/**
 * Lets in who is signed in, whatever the address; who signs in finds what the address says.
 *
 * The phase is deferred so that what is shown stays until the app is there: React lets no fallback go for 300 ms.
 */
export function Gate() {
  const phase = useDeferredValue(useStore(session.phase));
  if (phase === "starting") return <StartingPage />;
  if (phase === "signed-out")
    return (
      <SignInPage
        onInterest={() => {
          ahead(loadApp);
        }}
      />
    );
  return (
    <>
      <App />
      {phase === "expired" && <SignInAgain />}
    </>
  );
}
