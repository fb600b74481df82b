/** What a cloud's operator grants the lab's project beyond OpenStack's own default quotas. */

/** Quotas to set, by API and by the API's own name. */
export interface QuotaPlan {
  readonly compute: Readonly<Record<string, number>>;
  readonly network: Readonly<Record<string, number>>;
  readonly loadBalancer: Readonly<Record<string, number>>;
}

/** Which API and which name there a key of `cloud.quota` means. */
const meanings: Readonly<Record<string, readonly [keyof QuotaPlan, string]>> = {
  instances: ["compute", "instances"],
  cores: ["compute", "cores"],
  ramMb: ["compute", "ram"],
  keyPairs: ["compute", "key_pairs"],
  serverGroups: ["compute", "server_groups"],
  serverGroupMembers: ["compute", "server_group_members"],
  networks: ["network", "network"],
  subnets: ["network", "subnet"],
  routers: ["network", "router"],
  ports: ["network", "port"],
  floatingIps: ["network", "floatingip"],
  securityGroups: ["network", "security_group"],
  securityGroupRules: ["network", "security_group_rule"],
  loadBalancers: ["loadBalancer", "loadbalancer"],
};

/** Quotas of services the lab does not have. */
const withoutService: readonly string[] = ["volumes", "gigabytes", "volumesGb", "volumeGb", "snapshots"];

/**
 * Quotas that a stack file declares; what it does not declare stays OpenStack's default.
 *
 * @param declared the stack file's `cloud.quota`; -1 means unlimited, as in OpenStack
 * @throws Error for a key that the lab cannot give a meaning: it would otherwise pass without being tried
 */
export function quotaPlan(declared: Readonly<Record<string, number>> = {}): QuotaPlan {
  const plan: Record<keyof QuotaPlan, Record<string, number>> = { compute: {}, network: {}, loadBalancer: {} };
  for (const [key, value] of Object.entries(declared)) {
    if (withoutService.includes(key)) continue;
    const meaning = meanings[key];
    if (meaning === undefined) {
      throw new Error(`cloud.quota.${key}: test/lab/quotas.ts names no OpenStack quota for it; add it there`);
    }
    plan[meaning[0]][meaning[1]] = value;
  }
  return plan;
}
