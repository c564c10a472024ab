import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { budget } from "./build/budget.ts";
import { compress } from "./build/compress.ts";
import { nothingFromElsewhere } from "./build/elsewhere.ts";

const API = process.env.API ?? "http://127.0.0.1:3001";

/** The documents of the API are pages of their own; what they share with the console must not start it. */
function isOfConsole(module: string): boolean {
  return !/swagger-ui|redoc|docs\.html|\/src\/docs\/|rolldown\/runtime/.test(module);
}

/** Over HTTP/1.1 thirty small files wait for each other: what the start needs is one, what most screens need another. */
const CHUNKS = [
  { name: "start", tags: ["$initial" as const], test: isOfConsole, priority: 1 },
  { name: "common", minShareCount: 8 },
];

export default defineConfig({
  plugins: [react(), nothingFromElsewhere(), compress(), budget()],
  build: {
    target: "es2023",
    modulePreload: { polyfill: false }, // browsers without it load the same, later
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1600, // Swagger UI is 1.5 MB
    rolldownOptions: {
      input: { index: "index.html", docs: "docs.html", redoc: "redoc.html" },
      output: { codeSplitting: { groups: CHUNKS } },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 3000,
    proxy: {
      "/api": API,
      "/socket.io": { target: API, ws: true, changeOrigin: true, rewriteWsOrigin: true },
    },
  },
});
