/** The sources name nothing that 3.15.2 and 5 of @pulumi/openstack do not share; program.test.ts judges the requests. */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { Recording, type Request } from "../../../stacks/site/offline/recorder";
import { outsideSubset, REMOVED_INPUTS, SHARED, SHARED_FUNCTIONS } from "../../support/openstackSubset";
import { nodes, place, sources } from "../../support/sources";

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

test("the judge of requests knows a foreign type, a removed input and a number in a map", () => {
  const asked = (type: string, inputs: object) => ({ type, name: "x", inputs }) as unknown as Request;
  const recording = new Recording();
  recording.requests.push(
    asked("openstack:compute/instance:Instance", { name: "fine", metadata: { key: "text" } }),
    asked("openstack:compute/secGroup:SecGroup", {}),
    asked("openstack:networking/subnet:Subnet", { hostRoutes: [] }),
    asked("openstack:compute/instance:Instance", { metadata: { number: 1 } }),
  );
  expect(outsideSubset(recording)).toEqual([
    "openstack:compute/secGroup:SecGroup x: not in both versions",
    "openstack:networking/subnet:Subnet x: 5 has no input hostRoutes",
    "openstack:compute/instance:Instance x: metadata must hold texts only",
  ]);
});
