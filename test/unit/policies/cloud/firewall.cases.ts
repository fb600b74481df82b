import { groupInsteadOfCidr } from "../../../../policies/cloud/groupInsteadOfCidr";
import { listenerLimited } from "../../../../policies/cloud/listenerLimited";
import { noOpenPorts } from "../../../../policies/cloud/noOpenPorts";
import { noWorkerAddress } from "../../../../policies/cloud/noWorkerAddress";
import { TYPES } from "../../../../policies/cloud/openstack";
import { resourceTags } from "../../../../policies/cloud/resourceTags";
import { UNKNOWN } from "../../../../policies/model/field";
import type { CaseResource, PolicyCases } from "../policyCases";

function rule(props: object): CaseResource {
  return { type: TYPES.securityGroupRule, props: { direction: "ingress", protocol: "tcp", ...props } };
}

const ports = (first: number, last = first) => ({ portRangeMin: first, portRangeMax: last });
const everybody = { remoteIpPrefix: "0.0.0.0/0" };
const subnet: CaseResource = { type: TYPES.subnet, props: { cidr: "10.64.0.0/22" } };
const namespace: CaseResource = { type: "kubernetes:core/v1:Namespace" };

function port(pool: string): CaseResource {
  return { type: TYPES.port, urn: `urn:${pool}`, name: pool, props: { tags: ["atlas-site", `pool=${pool}`] } };
}

function address(pool: string): CaseResource {
  return { type: TYPES.floatingIpAssociate, props: { portId: UNKNOWN }, dependencies: [`urn:${pool}`] };
}

const pools = { workerPools: ["batch"], controlPlanePools: ["control"] };

/** Cases of the policies on who reaches what in the cloud. */
export const cases: readonly PolicyCases[] = [
  {
    policy: noOpenPorts,
    pass: {
      "named clients": [rule({ ...ports(6443), remoteIpPrefix: "192.0.2.0/24" })],
      "a group, not known yet": [rule({ ...ports(10250), remoteGroupId: UNKNOWN })],
      "another port for everybody": [rule({ ...ports(443), ...everybody })],
      ping: [rule({ protocol: "icmp", ...everybody })],
    },
    fail: {
      ssh: { given: [rule({ ...ports(22), ...everybody })], tells: "remoteIpPrefix: everybody reaches ssh" },
      "by a range around it": { given: [rule({ ...ports(1, 3000), ...everybody })], tells: "everybody reaches etcd" },
      "in the other protocol": {
        given: [rule({ ...ports(10250), ethertype: "IPv6", remoteIpPrefix: "::/0" })],
        tells: "the kubelet",
      },
      "because nobody is named": { given: [rule(ports(30_128))], tells: "node ports" },
      "every port of every protocol": {
        given: [rule({ protocol: undefined, ...everybody })],
        tells: "the Kubernetes API",
      },
    },
    notApplicable: { "what goes out": [rule({ direction: "egress", ...everybody })], "another type": [namespace] },
    unknown: { "who may": [rule({ ...ports(22), remoteIpPrefix: UNKNOWN })] },
  },
  {
    policy: listenerLimited,
    pass: { "named clients": [{ type: TYPES.listener, props: { allowedCidrs: ["192.0.2.0/24"] } }] },
    fail: {
      nobody: { given: [{ type: TYPES.listener, props: {} }], tells: "allowedCidrs: no network is named" },
      "everybody among others": {
        given: [{ type: TYPES.listener, props: { allowedCidrs: ["192.0.2.0/24", "0.0.0.0/0"] } }],
        tells: "allowedCidrs[1]: 0.0.0.0/0 is everybody",
      },
    },
    notApplicable: { "another type": [namespace] },
    unknown: { "the clients": [{ type: TYPES.listener, props: { allowedCidrs: UNKNOWN } }] },
  },
  {
    policy: groupInsteadOfCidr,
    pass: {
      "a group": [subnet, rule({ ...ports(10250), remoteGroupId: UNKNOWN })],
      "somebody outside": [subnet, rule({ ...ports(6443), remoteIpPrefix: "192.0.2.0/24" })],
      "a wider network than ours": [subnet, rule({ ...ports(6443), remoteIpPrefix: "10.0.0.0/8" })],
      "members of a load balancer": [
        subnet,
        { type: TYPES.member, props: { protocolPort: 6443 } },
        rule({ ...ports(6443), remoteIpPrefix: "10.64.0.0/22" }),
      ],
    },
    fail: {
      "the machine network": {
        given: [subnet, rule({ ...ports(10250), remoteIpPrefix: "10.64.0.0/22" })],
        tells: "remoteIpPrefix: the whole network 10.64.0.0/22 is let in",
      },
      "a part of it": {
        given: [subnet, rule({ ...ports(10250), remoteIpPrefix: "10.64.1.0/24" })],
        tells: "the whole network 10.64.1.0/24",
      },
    },
    notApplicable: { "no rules": [namespace] },
    unknown: { "who may": [subnet, rule({ ...ports(10250), remoteIpPrefix: UNKNOWN })] },
  },
  {
    policy: noWorkerAddress,
    pass: {
      "on the control plane": { given: [port("control"), address("control")], settings: pools },
      "on the bastion": { given: [port("bastion"), address("bastion")], settings: pools },
    },
    fail: {
      "on a machine with jobs": {
        given: [port("control"), port("batch"), address("batch")],
        tells: 'portId: the port is one of pool "batch"',
        settings: pools,
      },
    },
    notApplicable: {
      "no floating IP": { given: [port("batch")], settings: pools },
      "no pool known": [port("batch"), address("batch")],
    },
    unknown: {
      "the port's tags": {
        given: [{ ...port("batch"), props: { tags: UNKNOWN } }, address("batch")],
        settings: pools,
      },
    },
  },
  {
    policy: resourceTags,
    pass: { "the site's": [{ type: TYPES.network, props: { tags: ["atlas-site", "site=lab"] } }] },
    fail: {
      none: { given: [{ type: TYPES.floatingIp }], tells: "tags: no tag says which site" },
      "others only": { given: [{ type: TYPES.port, props: { tags: ["pool=batch"] } }], tells: "no tag says" },
    },
    notApplicable: { "what takes no tags": [rule({})] },
    unknown: { "the tags": [{ type: TYPES.network, props: { tags: UNKNOWN } }] },
  },
];
