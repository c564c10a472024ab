import { createRootRoute } from "@tanstack/react-router";
import type { Action } from "./api/may";
import { Frame } from "./frame/frame";
import { NotFoundPage } from "./frame/not-found";
import { BrokenFrame } from "./frame/broken";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** What one must be allowed to do to see this screen; for others there is none. */
    needs?: Action;
  }
}

export const rootRoute = createRootRoute({
  component: Frame,
  notFoundComponent: NotFoundPage,
  errorComponent: BrokenFrame,
});
