import { violation, type ObjectPolicy } from "../model/policy";

/** A full node still works. */
export const kubeletReservations: ObjectPolicy = {
  kind: "object",
  name: "kubelet-reservations",
  title: "Kubelets keep something back for themselves and the system",
  why: "Without reservations jobs fill a node to the last byte, and under pressure the kubelet or the CVMFS client dies before the job.",
  level: "advisory",
  severity: "medium",
  frameworks: [{ framework: "atlas-site", version: "1", control: "allocatable = flavor − reservations" }],
  remediation: "Set kubeReserved and systemReserved with cpu and memory.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    return ["kubeReserved", "systemReserved"].flatMap((key) => {
      const reserved = root.at(key);
      const lacking = ["cpu", "memory"].filter((resource) => !reserved.at(resource).present);
      return lacking.length === 0 ? [] : [violation(reserved, `${key} has no ${lacking.join(" and no ")}`)];
    });
  },
};
