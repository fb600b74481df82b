/** What the program makes of a cluster's state as Magnum tells it. */
import { expect, test } from "vitest";
import { otherFlavors, unfinished, unusable, type ClusterState } from "../../../components/cluster/magnum/clusterState";

const healthy: ClusterState = {
  uuid: "4711",
  name: "site",
  status: "CREATE_COMPLETE",
  statusReason: "",
  faults: {},
  apiAddress: "https://10.0.0.5:6443",
  groups: [{ name: "batch", status: "CREATE_COMPLETE", statusReason: "", flavor: "m1.batch", count: 2 }],
};

const failedGroup = { ...healthy.groups[0]!, status: "UPDATE_FAILED", statusReason: "Quota exceeded for instances" };

test("a created cluster is usable and has nothing unfinished", () => {
  expect([unusable(healthy, "urn"), unfinished(healthy), otherFlavors(healthy, { batch: "m1.batch" })]).toEqual([
    undefined,
    [],
    [],
  ]);
});

test.each(["CREATE_FAILED", "DELETE_IN_PROGRESS", "DELETE_FAILED"])(
  "a cluster in %s is unusable, address or not",
  (status) => {
    expect(unusable({ ...healthy, status }, "urn")).toContain(`is in status ${status}. Magnum gives no reason.`);
  },
);

test("a cluster whose last change failed stays usable, and the failure is a warning with its reason", () => {
  const state = { ...healthy, status: "UPDATE_FAILED", groups: [failedGroup] };
  expect(unusable(state, "urn")).toBeUndefined();
  expect(unfinished(state)).toEqual([
    "The Magnum cluster site is in status UPDATE_FAILED. Magnum's reason: node group batch UPDATE_FAILED: Quota exceeded for " +
      "instances.",
  ]);
});

test("a node group whose last change failed is a warning, even where the cluster is healthy", () => {
  expect(unfinished({ ...healthy, groups: [failedGroup] })).toEqual([
    "Node group batch of site is in status UPDATE_FAILED: Quota exceeded for instances.",
  ]);
});

test("a flavor that the site file changed is a warning that says how to change it, since Magnum cannot", () => {
  expect(otherFlavors(healthy, { batch: "m2.batch", other: "m1" })).toEqual([
    "Node group batch has flavor m1.batch, and the site file says m2.batch. Magnum cannot change it: add a pool with the new " +
      "flavor, move the queue to it, then remove the old pool.",
  ]);
});
