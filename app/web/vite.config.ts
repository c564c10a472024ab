import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { budget } from "./build/budget.ts";
import { compress } from "./build/compress.ts";

const API = process.env.API ?? "http://127.0.0.1:3001";

export default defineConfig({
  plugins: [react(), compress(), budget()],
  build: { target: "es2023", assetsInlineLimit: 0, reportCompressedSize: false },
  server: {
    host: "127.0.0.1",
    port: 3000,
    proxy: {
      "/api": API,
      "/socket.io": { target: API, ws: true, changeOrigin: true, rewriteWsOrigin: true },
    },
  },
});
