import type { ObjectPolicy } from "../model/policy";
import { forbidden, ROLE_KINDS } from "./roles";

/** Nobody may make a PersistentVolume. */
export const noVolumeCreation: ObjectPolicy = {
  kind: "object",
  name: "no-volume-creation",
  title: "No role that creates PersistentVolumes",
  why: "A PersistentVolume may be a folder of the node: through it a pod reaches the host past every rule on hostPath.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "5.1.9" }],
  remediation: "Let the program declare volumes; a CSI provisioner that must create them is an exemption by name.",
  kinds: ROLE_KINDS,
  check: (role) => forbidden(role, [{ group: "", resources: ["persistentvolumes"], verbs: ["create"] }]),
};
