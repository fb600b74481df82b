/** The disk for the client's cache: which machines get one, and what Nova is asked for. */
import { describe, expect, test } from "vitest";
import { provision } from "../../../components/cluster/provision";
import { machineAdditions, openings } from "../../../components/features/features";
import { record } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { site as variant, type Sections } from "../../support/sites";
import { cvmfsSite } from "./cvmfsSites";

/** Disks of each pool's first machine; undefined: the image on the flavor's disk. */
async function disks(site: Site): Promise<Record<string, unknown>> {
  const nobody = () => {
    throw new Error("not an existing cluster");
  };
  const contributed = { machines: machineAdditions(site), openings: openings(site) };
  // As a preview, which waits for no API.
  const { recording } = await record({ preview: true }, () => provision(site, {}, contributed, nobody, nobody));
  const instances = recording.ofType("openstack:compute/instance:Instance").filter(({ name }) => name.endsWith("-0"));
  expect(instances.map(({ ignoreChanges }) => ignoreChanges.includes("blockDevices"))).not.toContain(false);
  return Object.fromEntries(instances.map(({ name, inputs }) => [name, inputs.blockDevices]));
}

const withCache = (batch: Sections = {}) => cvmfsSite({ mode: "host", cacheVolumeGb: 40 }, batch);
const cache = {
  sourceType: "blank",
  destinationType: "volume",
  volumeSize: 40,
  bootIndex: -1,
  deleteOnTermination: true,
};

describe("a machine's cache volume", () => {
  test("stands beside the image on the flavor's disk, on batch machines alone", async () => {
    const found = await disks(withCache());
    expect(found["batch-0"]).toEqual([
      expect.objectContaining({ sourceType: "image", destinationType: "local", bootIndex: 0 }),
      cache,
    ]);
    expect([found["control-0"], found["services-0"]]).toEqual([undefined, undefined]);
  });

  test("stands beside a boot volume", async () => {
    expect((await disks(withCache({ bootVolumeGb: 100 })))["batch-0"]).toEqual([
      expect.objectContaining({ sourceType: "image", destinationType: "volume", volumeSize: 100, bootIndex: 0 }),
      cache,
    ]);
  });

  test("is not there unless the site asks for it", async () => {
    expect((await disks(cvmfsSite({ mode: "host" })))["batch-0"]).toBeUndefined();
    for (const site of [cvmfsSite({ mode: "host" }), cvmfsSite({ mode: "csi" }), variant("small")]) {
      expect(Object.values(await disks(site)).filter((list) => list !== undefined)).toEqual([]);
    }
  });
});
