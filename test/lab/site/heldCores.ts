/** Jobs that only hold cores until a test takes them away. */
import { parse, stringify } from "yaml";
import { HOLD_SECONDS } from "../patience";
import type { KubeView } from "./kubeView";
import type { LabStack } from "./labStack";
import { pilotFor, pilots } from "./mainJob";
import type { PilotOrder } from "./pilotJob";

/** How long such a job may take to end, in seconds: nothing is lost with it. */
const GRACE_SECONDS = 5;

interface Job {
  spec: { template: { spec: { terminationGracePeriodSeconds: number } } };
}

/**
 * An order of pilots of so many cores that stay where they are put. They have the queue's template but for its grace: pilots
 * have minutes to end, and a shell that is told to stop in its first moment, before it listens, takes all of them.
 */
export function holding(stack: LabStack, count: number, cores: number): PilotOrder {
  const order = pilotFor(stack, pilots(count, cores, cores * 500));
  const job = parse(order.template) as Job;
  job.spec.template.spec.terminationGracePeriodSeconds = GRACE_SECONDS;
  return { ...order, template: stringify(job), seconds: HOLD_SECONDS, leave: true };
}

/** Deletes a namespace's Jobs, their pods with them; only those that have not ended when asked so. */
export async function endJobs(cluster: KubeView, namespace: string, onlyActive = false): Promise<void> {
  const items = onlyActive ? "{range .items[?(@.status.active)]}" : "{range .items[*]}";
  const path = `jsonpath=${items}{.metadata.name}{" "}{end}`;
  const text = await cluster.kubectl("get", "jobs", "-n", namespace, "-o", path);
  const names = text.split(" ").filter((name) => name !== "");
  if (names.length > 0) {
    await cluster.kubectl("delete", "jobs", ...names, "-n", namespace, "--wait=false", "--ignore-not-found");
  }
}
