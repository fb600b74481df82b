/**
 * Stands in for Harvester in the lab: with a queue's kubeconfig and the queue's own job template it renews credentials,
 * submits pilots, looks at them until it has a verdict on each, kills and sweeps, by the calls Harvester makes and no others.
 * Runs as a process of its own inside the lab's network namespace and prints what it saw as one line of JSON.
 *
 * Usage: harvesterDouble.ts KUBECONFIG ORDER_AS_JSON DEADLINE_SECONDS
 */
import { readFileSync } from "node:fs";
import { workOff } from "./harvesterWork";
import { KubeClient } from "./kubeClient";
import type { PilotOrder } from "./pilotJob";

async function main(): Promise<void> {
  const [kubeconfig, orderText, deadlineSeconds] = process.argv.slice(2);
  const client = new KubeClient(readFileSync(kubeconfig, "utf8"));
  const order = JSON.parse(orderText) as PilotOrder;
  console.log(JSON.stringify(await workOff(client, order, Date.now() + Number(deadlineSeconds) * 1000)));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
