export { answerOf } from "./answers.ts";
export { connect, type Bulkhead, type Options } from "./bulkhead.ts";
export { isInMotion, JOB_EVENTS, type JobEvent, type JobStatus } from "./events.ts";
export { Problem } from "./problems.ts";
export type { Schemas } from "./schemas.ts";
