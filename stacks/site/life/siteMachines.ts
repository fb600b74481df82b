/** The machines that a stack file declares, for the commands that operate them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planPools, type MachinePlan } from "../../../components/cloud/plan";
import { capabilities } from "../../../components/cluster/capabilities";
import { loadSite } from "../load";
import type { Pool, Site } from "../site";

/** A machine and the pool it belongs to. */
export interface SiteMachine {
  readonly plan: MachinePlan;
  readonly pool: Pool;
}

/**
 * The site of a stack.
 * @throws Error when there is no such file, or when it has problems
 */
export function siteOf(stack: string): Site {
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new Error(`there is no stack "${stack}": no file ${file} below ${process.cwd()}`);
  }
  return loadSite(stack, readFileSync(file, "utf8"), file);
}

/**
 * Every machine of a stack, in the order of its file.
 * @throws Error as `siteOf`, and when the machines are not the program's own
 */
export function siteMachines(stack: string): SiteMachine[] {
  const site = siteOf(stack);
  const { machines, title } = capabilities(site);
  if (machines === undefined) {
    throw new Error(`the machines of stack ${stack} are not its own (${title}): operate them where they come from`);
  }
  return planPools(site.site.name, machines).flatMap(({ machines: ofPool, name }) =>
    ofPool.flatMap((plan) => {
      const pool = machines.pools[name];
      return pool === undefined ? [] : [{ plan, pool }];
    }),
  );
}

/**
 * One machine of a stack.
 * @throws Error that lists the machines when it is none of them
 */
export function siteMachine(stack: string, name: string): SiteMachine {
  const all = siteMachines(stack);
  const found = all.find(({ plan }) => plan.name === name);
  if (found === undefined) {
    const pools = [...new Set(all.map(({ plan }) => plan.pool))].map((pool) => {
      const names = all.filter(({ plan }) => plan.pool === pool).map(({ plan }) => plan.name);
      return names.length === 1 ? names[0] : `${names[0]} to ${names.at(-1)}`;
    });
    throw new Error(`stack ${stack} has no machine ${name}; it has ${pools.join(", ")}`);
  }
  return found;
}
