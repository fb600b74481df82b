import { violation, type ObjectPolicy } from "../model/policy";
import { byFlags, FLAG_KINDS } from "./flags";

/** Flags that let clients in by passwords or tokens of a file, or past authentication. */
const FORBIDDEN = ["token-auth-file", "basic-auth-file", "insecure-bind-address"];

/** The API server knows its clients by certificates and tokens that end. */
export const apiServerAuthentication: ObjectPolicy = {
  kind: "object",
  name: "api-server-authentication",
  title: "No static tokens and no insecure port at the API server",
  why: "Tokens of a file never end, and taking one back needs a restart; the insecure port asks nobody who he is.",
  level: "mandatory",
  severity: "critical",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "1.2.2" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0005" },
  ],
  remediation: "Remove the flags; give clients certificates or ServiceAccount tokens.",
  kinds: FLAG_KINDS,
  check: (object, settings) =>
    byFlags(object, "kube-apiserver", settings, (flags) => {
      const given = FORBIDDEN.map((name) => ({ name, flag: flags.get(name) }));
      const port = flags.get("insecure-port");
      return [
        ...given.flatMap(({ name, flag }) => (flag === undefined ? [] : [violation(flag.at, `--${name} is given`)])),
        ...(port === undefined || port.value === "0" ? [] : [violation(port.at, `the insecure port is ${port.value}`)]),
      ];
    }),
};
