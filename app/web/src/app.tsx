import "./styles/mantine";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { cache, prefetch } from "./api/cache";
import { meQuery } from "./api/me";
import { goLive } from "./live/socket";
import { router } from "./router";
import { theme, variables } from "./styles/theme";
import { Announcer } from "./ui/announcer";
import { Toasts } from "./ui/toast";

prefetch(meQuery); // while React begins

/** All that is behind the sign-in. */
export default function App() {
  useEffect(goLive, []);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <RouterProvider router={router} />
      </QueryClientProvider>
      <Toasts />
      <Announcer />
    </MantineProvider>
  );
}
