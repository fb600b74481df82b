/** `npm run bench:watching [-- SECONDS]`: what Prometheus, exporters and log shippers of the running lab take. */
import { costOfWatching, costTable } from "../lab/site/stackCost";
import { withLabPrometheus } from "../lab/site/labPrometheus";

const DEFAULT_SECONDS = 300;

async function main([given]: readonly string[]): Promise<void> {
  const seconds = given === undefined ? DEFAULT_SECONDS : Number(given);
  if (!Number.isInteger(seconds) || seconds < 60) {
    throw new Error(`"${given}" is no number of seconds; write a whole number from 60 on, e.g. ${DEFAULT_SECONDS}`);
  }
  await withLabPrometheus(async ({ prometheus }) => {
    console.log(`over the last ${seconds} s: the most memory at any moment, the mean of processor time`);
    console.log(costTable(await costOfWatching(prometheus, seconds)));
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
