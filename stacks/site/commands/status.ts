/** `npm run site -- status <stack>`: every machine of a site, and what the next `pulumi up` would replace. */
import { parseArgs } from "node:util";
import { Kubectl } from "../life/client";
import { lookAtSite } from "../life/look";
import { unfinishedOperation } from "../life/lease";
import { siteMachines } from "../life/siteMachines";
import { machineStatus, statusText, type MachineStatus } from "../life/statusText";
import { withAdministratorKubeconfig } from "./stackKubeconfig";

/** What may stand behind the stack. */
export const STATUS_OPTIONS = ["[--json]"];

/**
 * Says how the machines of a stack are. It only looks.
 * @param options as `STATUS_OPTIONS` has them
 */
export async function status(stack: string, say: (line: string) => void, ...options: string[]): Promise<void> {
  const { values } = parseArgs({ args: options, options: { json: { type: "boolean", default: false } } });
  await withAdministratorKubeconfig(stack, async (path) => {
    const kubectl = new Kubectl(path);
    const [rows, operation] = await Promise.all([statusOf(stack, kubectl), unfinishedOperation(kubectl)]);
    if (values.json) {
      say(JSON.stringify({ stack, machines: rows, ...(operation === undefined ? {} : { operation }) }, undefined, 2));
      return;
    }
    say(statusText(rows));
    if (operation !== undefined) {
      say(`unfinished: ${operation.kind} of ${operation.machine}, begun by ${operation.by}`);
    }
  });
}

/** The rows of every machine of a stack, in the order of its file. */
export async function statusOf(stack: string, kubectl: Kubectl): Promise<MachineStatus[]> {
  const machines = siteMachines(stack);
  const names = machines.map(({ plan }) => plan.name);
  const facts = await lookAtSite(stack, names, kubectl);
  return machines.flatMap(({ plan }, index) => {
    const fact = facts[index];
    return fact === undefined ? [] : [machineStatus(fact, plan.pool, plan.generation)];
  });
}
