import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cloudSchema } from "../../../stacks/site/schema/cloud";
import { quotaPlan } from "../../lab/quotas";
import { ROOT } from "../../support/sites";

describe("quotas of the lab's project", () => {
  it("are OpenStack's defaults where the stack file declares none", () => {
    expect(quotaPlan()).toEqual({ compute: {}, network: {}, loadBalancer: {} });
  });

  it("are set under the API's own names, unlimited ones included", () => {
    expect(quotaPlan({ ramMb: 163840, serverGroupMembers: -1, floatingIps: 0, securityGroupRules: 200 })).toEqual({
      compute: { ram: 163840, server_group_members: -1 },
      network: { floatingip: 0, security_group_rule: 200 },
      loadBalancer: {},
    });
  });

  it("are refused with the key when the lab cannot give it a meaning", () => {
    expect(() => quotaPlan({ gpus: 1 })).toThrow(/cloud\.quota\.gpus: test\/lab\/quotas\.ts/);
  });

  it("have a meaning for every key of the site file's schema and of the shipped stacks", () => {
    const keys = Object.keys(cloudSchema.shape.quota.shape);
    expect(keys).toContain("instances");
    quotaPlan(Object.fromEntries(keys.map((key) => [key, 1])));
    const stacks = readdirSync(join(ROOT, "stacks")).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    expect(stacks.length).toBeGreaterThan(3);
    for (const name of stacks) {
      const { config } = parse(readFileSync(join(ROOT, "stacks", name), "utf8"));
      quotaPlan(config["atlas-site:cloud"]?.quota);
    }
  });
});
