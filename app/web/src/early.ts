import { session } from "./api/session";

const WAS_SIGNED_IN = "was-signed-in"; // the session's cookie itself is for no script to see

export const loadApp = () => import("./app");

/** Begin to fetch what will be needed soon; should that fail, it is asked for again when it is needed. */
export function ahead(load: () => Promise<unknown>): void {
  load().catch(() => undefined);
}

/** The screens that addresses are sent around of; those of the others are fetched when the router asks for them. */
const SCREENS: [RegExp, () => Promise<unknown>][] = [
  [/^\/(tickets|$)/, () => import("./features/tickets/page")],
  [/^\/jobs$/, () => import("./features/jobs/page")],
  [/^\/jobs\//, () => import("./features/job/page")],
];

/** Where someone was signed in last time, fetch what comes behind the sign-in while the session is being renewed. */
export function fetchEarly(): void {
  session.phase.subscribe(remember);
  if (localStorage.getItem(WAS_SIGNED_IN) === null) return;
  const loadScreen = SCREENS.find(([address]) => address.test(location.pathname))?.[1];
  ahead(loadApp);
  if (loadScreen) ahead(loadScreen);
}

function remember(): void {
  const phase = session.phase.get();
  if (phase === "signed-in") localStorage.setItem(WAS_SIGNED_IN, "");
  if (phase === "signed-out") localStorage.removeItem(WAS_SIGNED_IN);
}
