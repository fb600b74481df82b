/** Arbitrary clouds for property tests: pools of any names, sizes and zones, each with a block of its own. */
import fc from "fast-check";
import { cloudSchema } from "../../stacks/site/schema/cloud";
import type { Cloud } from "../../stacks/site/site";

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/);

/** What may differ between pools; the block comes from the position. */
const pool = fc.record({
  name: label,
  role: fc.constantFrom("batch" as const, "services" as const),
  count: fc.integer({ min: 1, max: 14 }),
  prefix: fc.integer({ min: 24, max: 28 }),
  zones: fc.uniqueArray(label, { maxLength: 3 }),
  vcpus: fc.integer({ min: 1, max: 64 }),
  ramMb: fc.integer({ min: 1024, max: 262_144 }),
  generation: fc.integer({ min: 1, max: 9 }),
});

const cidrs = fc.uniqueArray(fc.constantFrom("0.0.0.0/0", "192.0.2.0/24", "198.51.100.0/24", "10.64.0.0/16"));

/** A cloud with a control plane of 1 or 3 and up to 6 other pools in blocks that do not overlap. */
export const anyCloud: fc.Arbitrary<Cloud> = fc
  .record({
    control: pool,
    controlCount: fc.constantFrom(1, 3),
    others: fc.uniqueArray(pool, { maxLength: 6, selector: ({ name }) => name }),
    kind: fc.constantFrom("loadBalancer", "floatingIp", "internal"),
    floatingIp: fc.boolean(),
    allowedCidrs: cidrs,
    sshCidrs: cidrs,
    bastion: fc.boolean(),
    adopt: fc.boolean(),
  })
  .map(({ control, controlCount, others, kind, floatingIp, allowedCidrs, sshCidrs, bastion, adopt }) => {
    const all = [
      { ...control, name: "control", role: "control-plane" as const, count: controlCount },
      ...others.filter(({ name }) => name !== "control"),
    ];
    const pools = all.map(({ name, role, count, prefix, zones, vcpus, ramMb, generation }, position) => [
      name,
      {
        role,
        count,
        zones,
        generation,
        flavor: { name: `of-${name}`, vcpus, ramMb, diskGb: 20 },
        addresses: `10.64.${position + 1}.0/${prefix}`,
      },
    ]);
    return cloudSchema.parse({
      externalNetwork: "public",
      network: {
        cidr: "10.64.0.0/16",
        dynamicAddresses: "10.64.255.0/24",
        ...(adopt
          ? {
              adopt: {
                networkId: "0b6f5c1e-8a3d-4b52-9f7e-1d2c3b4a5968",
                subnetId: "9d8c7b6a-5f4e-4d3c-8b2a-19087f6e5d4c",
              },
            }
          : {}),
      },
      image: { name: "image" },
      apiEndpoint: { kind, floatingIp: kind === "loadBalancer" && floatingIp, allowedCidrs },
      sshCidrs,
      ...(bastion
        ? {
            bastion: {
              flavor: { name: "small", vcpus: 1, ramMb: 1024, diskGb: 10 },
              image: { name: "image" },
              address: "10.64.0.10",
              allowedCidrs: ["198.51.100.0/24"],
            },
          }
        : {}),
      quota: { instances: 1000, cores: 10_000, ramMb: 99_999_999, ports: 1000, floatingIps: 9 },
      pools: Object.fromEntries(pools),
    });
  });

/** A cloud with one of its pools picked. */
export const anyCloudAndPool = anyCloud.chain((cloud) =>
  fc.record({ cloud: fc.constant(cloud), picked: fc.constantFrom(...Object.keys(cloud.pools)) }),
);
