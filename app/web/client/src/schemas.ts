import type { components } from "./schema.d.ts";

export type Schemas = components["schemas"];
