// Watches one job and prints each event as a line of JSON: node watch.js URL TOKEN_FILE
// The job's id comes on standard input once the socket is ready for it.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [url, tokenFile] = process.argv.slice(2);
const token = readFileSync(tokenFile, "utf8");
const print = (line) => console.log(JSON.stringify(line));
const socket = io(url, { auth: { token }, transports: ["websocket"], reconnection: false });

socket.on("connect_error", (error) => {
  print({ refused: error.message });
  process.exit(1);
});
socket.on("connect", () => print({ connected: true }));
socket.onAny((name, payload) => {
  if (!name.startsWith("jobs:")) return;
  print({ name, payload });
  if (["jobs:completed", "jobs:failed", "jobs:canceled"].includes(name)) socket.disconnect();
});
socket.on("disconnect", () => process.exit(0));

for await (const jobId of createInterface({ input: process.stdin })) {
  print({ subscribed: await socket.emitWithAck("job:subscribe", { jobId }) });
}
