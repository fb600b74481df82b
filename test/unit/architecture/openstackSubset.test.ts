/**
 * The program uses only what versions 3.15.2 and 5 of @pulumi/openstack have in common (both schemas compared), so that a
 * site may move to 5 by changing the dependency.
 */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { texts, type Properties } from "../../support/properties";
import { runProgram } from "../../support/program";
import { shippedStacks, variantNames } from "../../support/sites";
import { nodes, place, sources } from "../../support/sources";

/** Resources that are the same in both. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  networking: [
    "Network",
    "Subnet",
    "Router",
    "RouterInterface",
    "Port",
    "SecGroup",
    "SecGroupRule",
    "FloatingIp",
    "FloatingIpAssociate",
  ],
  compute: ["Instance", "Keypair", "ServerGroup", "VolumeAttach", "InterfaceAttach"],
  blockstorage: ["Volume"],
  images: ["Image"],
  loadbalancer: ["LoadBalancer", "Listener", "Pool", "Member", "Monitor"],
  containerinfra: ["Cluster", "ClusterTemplate", "NodeGroup"],
  dns: ["RecordSet", "Zone"],
  sharedfilesystem: ["Share"],
  identity: ["ApplicationCredential"],
};

/** Functions that are the same in both. */
const SHARED_FUNCTIONS = [
  "images.getImageOutput",
  "networking.getNetworkOutput",
  "containerinfra.getClusterTemplateOutput",
];

/** Inputs of shared resources that 5 no longer has. */
const REMOVED_INPUTS: Readonly<Record<string, readonly string[]>> = {
  "openstack:compute/instance:Instance": ["accessIpV4", "accessIpV6", "floatingIp", "volumes"],
  "openstack:blockstorage/volume:Volume": ["multiattach"],
  "openstack:networking/subnet:Subnet": ["allocationPoolsCollection", "hostRoutes"],
  "openstack:networking/router:Router": ["externalGateway"],
  "openstack:images/getImage:getImage": ["sortDirection", "sortKey"],
};

const sharedTypes = new Set(
  Object.entries(SHARED).flatMap(([module, types]) =>
    types.map((type) => `openstack:${module}/${type[0].toLowerCase()}${type.slice(1)}:${type}`),
  ),
);

describe("the sources", () => {
  test("name no resource or function of OpenStack outside the shared subset", () => {
    const foreign = sources("components").flatMap((source) =>
      nodes(source.tree)
        .filter((node) => ts.isNewExpression(node) || ts.isCallExpression(node))
        .map((node) => ({ node, match: /^openstack\.(\w+)\.(\w+)$/.exec(node.expression.getText()) }))
        .filter(({ match }) => match !== null)
        .filter(({ match }) => {
          const [, module, name] = match!;
          return !SHARED[module]?.includes(name) && !SHARED_FUNCTIONS.includes(`${module}.${name}`);
        })
        .map(({ node, match }) => `${place(source, node)} ${match![0]}`),
    );
    expect(foreign).toEqual([]);
  });

  test("set no input that 5 has removed, wherever an object is built", () => {
    const removed = new Set(Object.values(REMOVED_INPUTS).flat());
    // Names that other objects have as well are left to the test on requests.
    ["floatingIp", "volumes"].forEach((name) => removed.delete(name));
    const found = sources("components/cloud", "components/cluster").flatMap((source) =>
      nodes(source.tree)
        .filter((node) => ts.isPropertyAssignment(node) && removed.has(node.name.getText()))
        .map((node) => place(source, node)),
    );
    expect(found).toEqual([]);
  });
});

describe.each([...shippedStacks(), ...variantNames.filter((name) => name !== "largest")])("requests of %s", (name) => {
  test("are of shared types, with inputs both versions have", async () => {
    const { recording } = await runProgram(name);
    const asked = [
      ...recording.requests.map(({ type, inputs }) => ({ type, inputs })),
      ...recording.invokes.map(({ token, inputs }) => ({ type: token, inputs })),
    ].filter(({ type }) => type.startsWith("openstack:"));
    const functions = [...Object.keys(REMOVED_INPUTS), "openstack:networking/getNetwork:getNetwork"];
    for (const { type, inputs } of asked) {
      expect([...sharedTypes, ...functions]).toContain(type);
      const gone = Object.keys(inputs).filter((input) => REMOVED_INPUTS[type]?.includes(input));
      expect([type, gone]).toEqual([type, []]);
    }
    expect(asked.length > 0).toBe(name !== "existing");
  });

  test("give map values as texts, which 5 asks for", async () => {
    const { recording } = await runProgram(name);
    const maps = recording.requests
      .filter(({ type }) => type.startsWith("openstack:"))
      .flatMap(({ inputs }) => ["metadata", "labels", "properties", "valueSpecs"].map((map) => inputs[map]))
      .filter((map): map is Properties => typeof map === "object" && map !== null);
    maps.forEach((map) => expect(texts(map)).toHaveLength(Object.keys(map).length));
  });
});
