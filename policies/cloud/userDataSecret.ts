import { unpacked } from "../model/userData";
import { notApplicable, violation, type ResourcePolicy } from "../model/policy";
import { TYPES } from "./openstack";

/** What gives user data away as one with secrets: a private key, kubeadm's token. */
const SECRET = /-----BEGIN [A-Z ]*PRIVATE KEY-----|\btoken: "?[a-z0-9]{6}\.[a-z0-9]{16}\b/;

/** Keys in user data are encrypted in the state and hidden in every output. */
export const userDataSecret: ResourcePolicy = {
  kind: "resource",
  name: "user-data-secret",
  title: "User data with keys or tokens in it is a Pulumi secret",
  why: "A control plane's user data holds the cluster's CA. As a plain value it stands in the state file, in logs of CI and in every preview.",
  level: "mandatory",
  severity: "critical",
  frameworks: [{ framework: "atlas-site", version: "1", control: "secrets are secrets" }],
  remediation: "Wrap it: userData: pulumi.secret(…).",
  types: [TYPES.machine],
  check: ({ props, secrets }) => {
    if (secrets === undefined) {
      return notApplicable("the engine gives a pack every value in clear; `npm run policy:preview` can tell");
    }
    const userData = props.at("userData");
    if (secrets.includes("userData")) {
      return [];
    }
    const open = SECRET.test(unpacked(userData.text ?? ""));
    return open ? [violation(userData, "it holds a private key or a token, and is no secret")] : [];
  },
};
