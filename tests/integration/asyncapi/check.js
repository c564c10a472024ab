import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
for (const { severity, message, path } of diagnostics) {
  console.log(["error", "warning", "info", "hint"][severity], path.join("."), message);
}
process.exit(document ? 0 : 1);
