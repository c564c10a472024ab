// Watches one job with our own client and prints each event as a line of JSON: node follow.js URL TOKEN_FILE JOB
import { readFileSync } from "node:fs";
import { connect } from "bulkhead-client";

const [url, tokenFile, jobId] = process.argv.slice(2);
const bulkhead = connect({ url, token: async () => readFileSync(tokenFile, "utf8") });

try {
  for await (const event of bulkhead.watch(jobId)) console.log(JSON.stringify(event));
} catch (problem) {
  console.log(JSON.stringify({ code: problem.code, status: problem.status }));
}
