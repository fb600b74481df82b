import { beforeAll, describe, expect, test } from "vitest";
import type { Recording, Request } from "../../../stacks/site/offline/recorder";
import { runProgram } from "../../support/program";

const PORT = "openstack:networking/port:Port";
const INSTANCE = "openstack:compute/instance:Instance";
const MACHINES = "atlas-site:cloud:Machines";

let small: Recording;
let spread: Recording;

beforeAll(async () => {
  small = (await runProgram("small")).recording;
  spread = (await runProgram("zonesVolumesTaints")).recording;
});

/** Children of a pool's component. */
function children(recording: Recording, pool: string): Request[] {
  const component = recording.only(MACHINES, pool);
  return recording.requests.filter((request) => request.parent === component.urn);
}

describe("a machine", () => {
  test("costs exactly two resources, its port and its instance, named by pool and index", () => {
    const names = children(spread, "batch").map((request) => `${request.type} ${request.name}`);
    const expected = [0, 1, 2, 3, 4].flatMap((index) => [`${PORT} batch-${index}`, `${INSTANCE} batch-${index}`]);
    expect(names.sort()).toEqual(expected.sort());
  });

  test("has its planned address on its port, and the security group there, not on the instance", () => {
    const port = small.only(PORT, "batch-1");
    expect(port.inputs).toMatchObject({
      name: "small-batch-1",
      fixedIps: [{ ipAddress: "10.64.1.2", subnetId: "cloud-id" }],
      securityGroupIds: ["cloud-worker-id"],
      tags: ["atlas-site", "site=small", "pool=batch"],
    });
    const instance = small.only(INSTANCE, "batch-1");
    expect(instance.inputs.networks).toEqual([{ port: "batch-1-id" }]);
    expect(instance.inputs).not.toHaveProperty("securityGroups");
    expect(small.only(PORT, "control-0").inputs.securityGroupIds).toEqual(["cloud-control-plane-id"]);
  });

  test("is told everything at birth: flavor, image, config drive, server group, user data", () => {
    const { inputs } = small.only(INSTANCE, "batch-0");
    expect(small.only(INSTANCE, "control-0").inputs.schedulerHints).toEqual([{ group: "cloud-control-plane-id" }]);
    expect(inputs).toMatchObject({
      name: "small-batch-0",
      flavorName: "m1.batch",
      imageId: "image-debian-12-kubernetes",
      configDrive: true,
    });
    expect(String(inputs.userData)).toMatch(/^H4sI[A-Za-z0-9+/=]+$/);
    for (const absent of ["availabilityZone", "keyPair", "blockDevices"]) {
      expect(inputs).not.toHaveProperty(absent);
    }
  });

  test("takes zone, key pair and boot volume from the site", async () => {
    const instances = spread.ofType(INSTANCE).filter(({ name }) => name.startsWith("batch"));
    expect(instances.map(({ inputs }) => inputs.availabilityZone)).toEqual([
      "zone-a",
      "zone-b",
      "zone-a",
      "zone-b",
      "zone-a",
    ]);
    const image = "6f1c8a52-3f0e-4d7b-9a41-0c5d2e7b9f10";
    for (const { inputs } of instances) {
      expect(inputs).not.toHaveProperty("imageId");
      expect(inputs.blockDevices).toEqual([
        {
          uuid: image,
          sourceType: "image",
          destinationType: "volume",
          volumeSize: 100,
          bootIndex: 0,
          deleteOnTermination: true,
        },
      ]);
    }
    const guarded = (await runProgram("bastion")).recording;
    expect(guarded.only(INSTANCE, "batch-0").inputs.keyPair).toBe("admin");
  });

  test("is left alone by every input that Nova would replace, rebuild or resize it for", () => {
    const ignored = new Set(small.only(INSTANCE, "batch-0").ignoreChanges);
    // Inputs of the provider that replace (or, for the image, wipe) an instance, as far as the program sets them.
    const dangerous = [
      "userData",
      "imageId",
      "imageName",
      "availabilityZone",
      "blockDevices",
      "configDrive",
      "keyPair",
    ];
    for (const input of [...dangerous, "schedulerHints", "flavorName", "tags"]) {
      expect(ignored, `${input} must be in ignoreChanges`).toContain(input);
    }
    // These follow the plan: another name or port is another machine, and must not be missed.
    expect(ignored).not.toContain("name");
    expect(ignored).not.toContain("networks");
  });

  test("sets no input that could replace it and is not in ignoreChanges, but its port", () => {
    for (const instance of [...small.ofType(INSTANCE), ...spread.ofType(INSTANCE)]) {
      const free = Object.keys(instance.inputs).filter((input) => !instance.ignoreChanges.includes(input));
      expect(free.sort()).toEqual(["name", "networks"]);
    }
  });

  test("is replaced by its pool's generation and by nothing else, the old one going before the new one comes", () => {
    expect(spread.ofType(INSTANCE).map(({ name, replacementTrigger }) => [name, replacementTrigger])).toEqual([
      ...[0, 1, 2, 3, 4].map((index) => [`batch-${index}`, 1]),
      ...[0, 1, 2].map((index) => [`control-${index}`, 2]),
    ]);
    for (const request of [...spread.ofType(INSTANCE), ...spread.ofType(PORT)]) {
      expect(request.deleteBeforeReplace).toBe(true);
      expect(request.replaceOnChanges).toEqual([]);
      expect(request.protect).toBe(false);
    }
    spread.ofType(PORT).forEach((port) => expect(port.replacementTrigger ?? null).toBeNull());
  });

  test("keeps its user data secret", () => {
    const instances = [...small.ofType(INSTANCE), ...spread.ofType(INSTANCE)];
    expect(instances).toHaveLength(11);
    instances.forEach((instance) => expect(instance.secrets).toEqual(["userData"]));
  });

  test("waits for its own port and its site's foundation, never for another machine", () => {
    const dependencies = small.only(INSTANCE, "batch-1").dependsOn;
    const machines = dependencies.map((urn) => small.byUrn(urn)).filter(({ type }) => [PORT, INSTANCE].includes(type));
    expect(machines.map(({ name }) => name)).toEqual(["batch-1"]);
  });
});

test("machines of control plane and services share a server group that spreads them where it can; batch machines have none", () => {
  const groups = spread.ofType("openstack:compute/serverGroup:ServerGroup");
  expect(groups.map(({ inputs }) => [inputs.name, inputs.policies])).toEqual([
    ["spread-control-plane", ["soft-anti-affinity"]],
  ]);
  const hints = spread.ofType(INSTANCE).map(({ name, inputs }) => [name, inputs.schedulerHints !== undefined]);
  expect(hints).toEqual(hints.map(([name]) => [name, String(name).startsWith("control")]));
});

test("a larger pool asks for the same resources and more", () => {
  const urns = small.urns().filter((urn) => urn.includes("cloud:Machines"));
  const unstacked = (all: string[]) => all.map((urn) => urn.replace(/^urn:pulumi:[^:]+::/, ""));
  expect(unstacked(spread.urns())).toEqual(expect.arrayContaining(unstacked(urns)));
});
