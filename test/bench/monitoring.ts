/** `npm run bench:monitoring [-- SECONDS]`: what Prometheus, exporters and log shippers of the running lab take. */
import { costOfMonitoring, costTable } from "../lab/site/stackCost";
import { withLabPrometheus } from "../lab/site/labPrometheus";
import { answered } from "./help";

const DEFAULT_SECONDS = 300;
const USAGE = `npm run bench:monitoring [-- SECONDS]
Shows memory and processor time of everything that watches the running lab's site, over the last SECONDS
(${DEFAULT_SECONDS} where none are given, 60 at least). The lab must be up: npm run lab.
  --help    this text
Exit code: 0 shown; 1 the lab is not up, or the command is wrong.`;

async function main(args: readonly string[]): Promise<void> {
  if (answered(args, USAGE, { most: 1 })) {
    return;
  }
  const [given] = args;
  const seconds = given === undefined ? DEFAULT_SECONDS : Number(given);
  if (!Number.isInteger(seconds) || seconds < 60) {
    throw new Error(`"${given}" is no number of seconds; write a whole number from 60 on, e.g. ${DEFAULT_SECONDS}`);
  }
  await withLabPrometheus(async ({ prometheus }) => {
    console.log(`over the last ${seconds} s: the most memory at any moment, the mean of processor time`);
    console.log(costTable(await costOfMonitoring(prometheus, seconds)));
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
