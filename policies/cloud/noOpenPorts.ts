import { notApplicable, violation, type ResourcePolicy } from "../model/policy";
import { isGiven, TYPES, WORLD } from "./openstack";

/** Ports whose service must not be for everybody. */
const CLOSED: readonly { readonly first: number; readonly last: number; readonly what: string }[] = [
  { first: 22, last: 22, what: "ssh" },
  { first: 2379, last: 2380, what: "etcd" },
  { first: 6443, last: 6443, what: "the Kubernetes API" },
  { first: 10250, last: 10250, what: "the kubelet" },
  { first: 10255, last: 10259, what: "kubelet, kube-proxy, controller manager and scheduler" },
  { first: 30_000, last: 32_767, what: "node ports" },
];

/** The world reaches none of the doors that lead into machines and cluster. */
export const noOpenPorts: ResourcePolicy = {
  kind: "resource",
  name: "no-open-ports",
  title: "No security group rule opens ssh, etcd, the Kubernetes API, kubelets or node ports to everybody",
  why: "Addresses of universities are scanned every few minutes. Each of these ports has been, in some year, the way into somebody's whole cluster.",
  level: "mandatory",
  severity: "critical",
  frameworks: [{ framework: "atlas-site", version: "1", control: "least privilege of security groups" }],
  remediation:
    "Name the networks of the clients (apiEndpoint.allowedCidrs, sshCidrs), or a security group, instead of everybody.",
  types: [TYPES.securityGroupRule],
  check: ({ props }) => {
    if (!props.at("direction").is("ingress")) {
      return notApplicable("the rule is for what goes out");
    }
    const prefix = props.at("remoteIpPrefix");
    const bySomebody = isGiven(props.at("remoteGroupId")) || isGiven(props.at("remoteAddressGroupId"));
    const everybody = isGiven(prefix) ? WORLD.includes(prefix.text ?? "") : !bySomebody;
    const protocol = props.at("protocol").text ?? "any";
    if (!everybody || /icmp/.test(protocol)) {
      return [];
    }
    const first = props.at("portRangeMin").number ?? 0;
    const last = props.at("portRangeMax").number ?? 65_535;
    return CLOSED.filter((range) => first <= range.last && range.first <= last).map(({ what }) =>
      violation(prefix, `everybody reaches ${what} (ports ${first} to ${last})`),
    );
  },
};
