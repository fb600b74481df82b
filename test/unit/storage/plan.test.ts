/** Local volumes as a plan: which there are, where, and what machines do for them at boot. */
import { localVolumesOf } from "../../support/componentArgs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planPools } from "../../../components/cloud/plan";
import { NO_ADDITION } from "../../../components/cluster/kubeadm/nodeAddition";
import { localVolumes, storageClassName } from "../../../components/storage/plan";
import type { Site } from "../../../stacks/site/site";
import { anyCloudAndPool } from "../../support/anyCloud";
import { site, variantNames } from "../../support/sites";
import { volumeSize } from "../../../components/kubernetes/resources";

/** A site of any pools with local volumes on one of them. */
const anyLocalSite: fc.Arbitrary<Site & { cloud: NonNullable<Site["cloud"]> }> = fc
  .tuple(anyCloudAndPool, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 500 }))
  .map(([{ cloud, picked }, volumesPerMachine, sizeGb]) => ({
    ...site("small"),
    cloud,
    storage: { class: "local", pool: picked, volumesPerMachine, sizeGb },
  }));

describe("the class that claims name", () => {
  test("is one for each kind of storage, the cluster's own where it has one, and none without storage", () => {
    expect(storageClassName({ class: "none" })).toBeUndefined();
    expect(storageClassName({ class: "local", pool: "a", volumesPerMachine: 1, sizeGb: 1 })).toBe("atlas-site-local");
    expect(storageClassName({ class: "cinder" })).toBe("atlas-site-cinder");
    expect(storageClassName({ class: "existing", name: "fast" })).toBe("fast");
  });
});

describe("local volumes", () => {
  test("are as many on each machine of the pool as the site says, and none elsewhere", () => {
    fc.assert(
      fc.property(anyLocalSite, (made) => {
        const { storage, cloud } = made;
        const volumes = localVolumesOf(made);
        for (const machine of planPools(made.site.name, cloud).flatMap(({ machines }) => [...machines])) {
          const own = volumes.filter((volume) => volume.machine === machine.name);
          const expected = storage.class === "local" && machine.pool === storage.pool ? storage.volumesPerMachine : 0;
          expect([machine.name, own.length]).toEqual([machine.name, expected]);
        }
      }),
    );
  });

  test("have names and, on their machine, directories that no other has", () => {
    fc.assert(
      fc.property(anyLocalSite, (made) => {
        const volumes = localVolumesOf(made);
        expect(new Set(volumes.map(({ name }) => name)).size).toBe(volumes.length);
        expect(new Set(volumes.map(({ position }) => position)).size).toBe(volumes.length);
        expect(new Set(volumes.map(({ machine, path }) => `${machine} ${path}`)).size).toBe(volumes.length);
      }),
    );
  });

  test("have each its directory made at the boot of its machine, and of no other", () => {
    fc.assert(
      fc.property(anyLocalSite, (made) => {
        const volumes = localVolumesOf(made);
        const add = localVolumes(made);
        for (const machine of planPools(made.site.name, made.cloud).flatMap(({ machines }) => [...machines])) {
          const { commands, files, taints } = add(machine, made.cloud.pools[machine.pool]);
          const paths = commands.flatMap((command) => command.split(" ").filter((word) => word.startsWith("/")));
          expect(paths).toEqual(volumes.filter((volume) => volume.machine === machine.name).map(({ path }) => path));
          expect([files, taints]).toEqual([[], []]);
          commands.forEach((command) => expect(command).toMatch(/^mkdir -p -m 0750 \//));
        }
      }),
    );
  });

  test("stay what they are when the pool grows", () => {
    const small = site("hostCvmfs");
    const pools = small.cloud!.pools;
    const services = { ...pools.services, count: pools.services.count + 1 };
    const grown = { ...small, cloud: { ...small.cloud!, pools: { ...pools, services } } };
    const before = localVolumesOf(small);
    expect(localVolumesOf(grown).slice(0, before.length)).toEqual(before);
    expect(before[0]).toEqual({
      name: "hosting-services-0-0",
      machine: "hosting-services-0",
      position: "0-0",
      path: "/var/lib/atlas-site/volumes/0",
      size: "36Gi",
    });
  });

  test("are not there on sites with other storage, and touch no user data", () => {
    for (const name of variantNames) {
      const made = site(name);
      if (made.storage.class !== "local" && made.cloud !== undefined) {
        const [machine] = planPools(made.site.name, made.cloud)[0].machines;
        expect([name, localVolumesOf(made)]).toEqual([name, []]);
        expect(localVolumes(made)(machine, made.cloud.pools[machine.pool])).toBe(NO_ADDITION);
      }
    }
  });

  test("are as large as a claim of the same number of GB", () => {
    const [volume] = localVolumesOf(site("hostCvmfs"));
    expect(volume.size).toBe(volumeSize(36));
  });
});
