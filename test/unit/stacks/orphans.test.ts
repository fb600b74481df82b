/** Proves: only what was being created is looked for, in an order in which it can be deleted, and known ids are kept out. */
import { describe, expect, it } from "vitest";
import { knownIds, possibleOrphans, unnamedOrphans, type ExportedState } from "../../../stacks/site/commands/orphans";

const creating = (type: string, inputs: Record<string, unknown>) => {
  return { type: "creating", resource: { type, urn: `urn:pulumi:lab::atlas-site::${type}::x`, inputs } };
};
const INSTANCE = "openstack:compute/instance:Instance";
const PORT = "openstack:networking/port:Port";
const MEMBER = "openstack:loadbalancer/member:Member";
const RULE = "openstack:networking/secGroupRule:SecGroupRule";

const state: ExportedState = {
  deployment: {
    resources: [{ type: INSTANCE, id: "known" }, { type: "atlas-site:cloud:Machines" }],
    pending_operations: [
      creating(PORT, { name: "lab-batch-1" }),
      creating(INSTANCE, { name: "lab-batch-0" }),
      creating(MEMBER, { name: "lab-control-0", poolId: "pool" }),
      creating(RULE, { direction: "ingress" }),
      { ...creating(INSTANCE, { name: "lab-batch-9" }), type: "deleting" },
      { ...creating(RULE, { direction: "egress" }), type: "deleting" },
    ],
  },
};

describe("orphans of an interrupted run", () => {
  it("are what was being created and has a name, machines before their ports", () => {
    expect(possibleOrphans(state).map(({ kind, name, inside }) => [kind.noun.join(" "), name, inside])).toEqual([
      ["server", "lab-batch-0", undefined],
      ["loadbalancer member", "lab-control-0", "pool"],
      ["port", "lab-batch-1", undefined],
    ]);
  });

  it("without a name are told to the administrator", () => {
    expect(unnamedOrphans(state)).toEqual([`urn:pulumi:lab::atlas-site::${RULE}::x`]);
  });

  it("never include an id the state knows", () => {
    expect([...knownIds(state)]).toEqual(["known"]);
  });

  it("are none in a state without pending operations", () => {
    expect(possibleOrphans({ deployment: {} })).toEqual([]);
    expect(unnamedOrphans({ deployment: {} })).toEqual([]);
  });
});
