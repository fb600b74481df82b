/** What a cross-check is. */
import { capabilities, magnumSection, type NodePool } from "../../../components/cluster/capabilities";
import type { Path, Problem } from "../problem";
import type { Cloud, Magnum, Pool, Site } from "../site";

/** A rule on several values of a site. */
export interface Check {
  /** What the check makes sure of, in a few words; also its name in the tests. */
  readonly title: string;
  /**
   * Paths of the values the conclusion rests on, `*` for any name, `.**` at the end for everything below: when one of
   * them is broken, the check has nothing to say.
   */
  readonly needs: readonly string[];
  /** Everything wrong by this rule. */
  run(site: Site): Problem[];
}

/** The section cloud, where the site file has one; which provisioner may have one is a check of its own. */
export function cloudSection(site: Site): Cloud | undefined {
  return site.cloud;
}

/** A check on the section cloud, where there is one. */
export function cloudCheck(
  title: string,
  needs: readonly string[],
  run: (cloud: Cloud, site: Site) => Problem[],
): Check {
  return {
    title,
    needs,
    run: (site) => {
      const cloud = cloudSection(site);
      return cloud === undefined ? [] : run(cloud, site);
    },
  };
}

/** The node pools of a site, by name, in the order of the stack file. */
export type NodePools = readonly (readonly [string, NodePool])[];

/** A check that only applies to sites whose node pools are known. */
export function poolCheck(
  title: string,
  needs: readonly string[],
  run: (pools: NodePools, site: Site) => Problem[],
): Check {
  return {
    title,
    needs: ["cluster.provisioner", ...needs],
    run: (site) => {
      const { nodePools } = capabilities(site);
      return nodePools === undefined ? [] : run(Object.entries(nodePools), site);
    },
  };
}

/** A check on the section of a cluster that Magnum creates. */
export function magnumCheck(
  title: string,
  needs: readonly string[],
  run: (magnum: Magnum, site: Site) => Problem[],
): Check {
  return {
    title,
    needs: ["cluster.provisioner", ...needs],
    run: (site) => {
      const magnum = magnumSection(site);
      return magnum === undefined ? [] : run(magnum, site);
    },
  };
}

/** The machine network of a site and where it is written; none without a section cloud. */
export function machineNetworks(site: Site): Named[] {
  const cloud = cloudSection(site);
  return cloud === undefined ? [] : [{ path: ["cloud", "network", "cidr"], cidr: cloud.network.cidr }];
}

/** Pools by name, in the order of the stack file. */
export function poolsOf(cloud: Cloud): [string, Pool][] {
  return Object.entries(cloud.pools);
}

/** An address range of the site and where it is written. */
export interface Named {
  readonly path: Path;
  readonly cidr: string;
}

/** One problem, or none when `wrong` does not hold. */
export function when(wrong: boolean, problem: Problem): Problem[] {
  return wrong ? [problem] : [];
}
