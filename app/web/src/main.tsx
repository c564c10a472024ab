import "./styles/base.css";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { session } from "./api/session";
import { fetchEarly } from "./early";
import { StartingPage } from "./features/sign-in/starting";
import { Gate } from "./gate";
import { applyColorScheme } from "./styles/scheme";

applyColorScheme();
fetchEarly();
session.start();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Suspense fallback={<StartingPage />}>
        <Gate />
      </Suspense>
    </StrictMode>,
  );
}
