import { notApplicable, type ResourcePolicy } from "../model/policy";
import { HOLDER_TYPES, lossOf } from "./dataHolders";

/** What cannot be made again goes only by a decision of its own. */
export const protectData: ResourcePolicy = {
  kind: "resource",
  name: "protect-data",
  title: "What holds data or an address is protected",
  why: "One wrong key in a stack file turns an update into a deletion: protect makes Pulumi refuse it, for a destroy too.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "protect on what holds data or an address" }],
  remediation: "Set the resource option protect: true.",
  types: HOLDER_TYPES,
  check: (resource) => {
    const modes = resource.props.at("spec", "accessModes").texts;
    if (modes.length > 0 && modes.every((mode) => mode === "ReadOnlyMany")) {
      return notApplicable("a claim nobody may write to holds nothing of the site's own");
    }
    return resource.protect ? [] : [{ path: "", message: `${lossOf(resource) ?? "it"} would go with one update` }];
  },
};
