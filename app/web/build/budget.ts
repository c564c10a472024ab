import { gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";

type Bundle = Rollup.OutputBundle;

/** What a screen may weigh: all JavaScript that its modules import statically, gzipped, in bytes. */
const SCREENS = [
  { name: "sign-in", modules: ["index.html"], maxBytes: 120_000 },
  {
    name: "tickets",
    modules: ["index.html", "src/app.tsx", "src/features/tickets/page.tsx"],
    maxBytes: 230_000,
  },
  { name: "docs, which is Swagger UI", modules: ["docs.html"], maxBytes: 480_000 },
  { name: "redoc, but for Redoc itself", modules: ["redoc.html"], maxBytes: 5_000 },
];

/** Print what the screens weigh, and fail the build when one weighs too much. */
export function budget(): Plugin {
  return {
    name: "budget",
    apply: "build",
    writeBundle(_, bundle) {
      for (const { name, modules, maxBytes } of SCREENS) {
        const bytes = gzippedBytes(bundle, modules);
        const line = `${name}: ${kilobytes(bytes)} of ${kilobytes(maxBytes)} JavaScript, gzipped`;
        if (bytes > maxBytes) this.error(line);
        this.info(line);
      }
    },
  };
}

function gzippedBytes(bundle: Bundle, modules: string[]): number {
  const files = new Set<string>();
  for (const module of modules) collect(bundle, fileOf(bundle, module), files);
  return [...files].reduce((sum, file) => sum + gzipSync(chunkOf(bundle, file).code).length, 0);
}

function collect(bundle: Bundle, file: string, into: Set<string>): void {
  if (into.has(file)) return;
  into.add(file);
  for (const imported of chunkOf(bundle, file).imports) collect(bundle, imported, into);
}

function fileOf(bundle: Bundle, module: string): string {
  const chunk = Object.values(bundle).find(
    (output) => output.type === "chunk" && output.facadeModuleId?.endsWith(`/${module}`),
  );
  if (!chunk) throw new Error(`No chunk begins with ${module}: is it still loaded lazily?`);
  return chunk.fileName;
}

function chunkOf(bundle: Bundle, file: string): Rollup.OutputChunk {
  const output = bundle[file];
  if (output?.type !== "chunk") throw new Error(`${file} is no chunk`);
  return output;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
