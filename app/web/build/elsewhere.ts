import type { Plugin } from "vite";

/** What Redoc shows would be fetched from its maker; an empty picture is left out by it. */
const LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";

/** Let nothing that is built ask for what is not here. */
export function nothingFromElsewhere(): Plugin {
  return {
    name: "nothing-from-elsewhere",
    apply: "build",
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== "asset" || !output.fileName.includes("redoc")) continue;
        output.source = Buffer.from(output.source).toString().replaceAll(LOGO, "data:,");
      }
    },
  };
}
