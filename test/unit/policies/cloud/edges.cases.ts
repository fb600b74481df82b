import { controlPlaneSpread } from "../../../../policies/cloud/controlPlaneSpread";
import { groupInsteadOfCidr } from "../../../../policies/cloud/groupInsteadOfCidr";
import { noOpenPorts } from "../../../../policies/cloud/noOpenPorts";
import { noWorkerAddress } from "../../../../policies/cloud/noWorkerAddress";
import { TYPES } from "../../../../policies/cloud/openstack";
import type { CaseResource, MoreCases } from "../policyCases";

const CIDR = "10.0.0.0/16";
const rule = (props: object): CaseResource => ({
  type: TYPES.securityGroupRule,
  props: { direction: "ingress", remoteIpPrefix: CIDR, ...props },
});
const subnet = (cidr: string): CaseResource => ({ type: TYPES.subnet, name: `subnet-${cidr}`, props: { cidr } });
const group = (...policies: readonly string[]): CaseResource => ({ type: TYPES.serverGroup, props: { policies } });
const machine: CaseResource = { type: TYPES.machine, name: "control-plane-0", props: { tags: ["pool=control-plane"] } };
const port = (name: string, pool: string): CaseResource => ({
  type: TYPES.port,
  name,
  urn: `urn:port-${name}`,
  props: { tags: [`pool=${pool}`] },
});

/** Edges of the policies on the cloud's resources. */
export const more: readonly MoreCases[] = [
  {
    policy: groupInsteadOfCidr,
    pass: {
      "a network beside": [subnet("10.1.0.0/16"), rule({ portRangeMin: 22 })],
      "a port behind the load balancer": [
        subnet(CIDR),
        { type: TYPES.member, props: { protocolPort: 30_129 } },
        rule({ portRangeMin: 30_129 }),
      ],
    },
    fail: {
      "one of two networks": {
        given: [subnet("10.1.0.0/16"), subnet(CIDR), rule({ portRangeMin: 22 })],
        tells: `the whole network ${CIDR} is let in`,
      },
      "a port beside that behind the load balancer": {
        given: [
          subnet(CIDR),
          { type: TYPES.member, props: { protocolPort: 30_129 } },
          { type: TYPES.member, name: "without", props: {} },
          rule({ portRangeMin: 22 }),
        ],
        tells: "the whole network",
      },
      "every port, with a member whose port nobody says": {
        given: [subnet(CIDR), { type: TYPES.member, props: {} }, rule({})],
        tells: "the whole network",
      },
    },
  },
  {
    policy: controlPlaneSpread,
    pass: {
      "a group that must spread": {
        given: [machine, group("anti-affinity")],
        settings: { controlPlanePools: ["control-plane"] },
      },
      "a group that spreads, among its policies": {
        given: [machine, group("other", "soft-anti-affinity")],
        settings: { controlPlanePools: ["control-plane"] },
      },
    },
    unknown: {
      "a group's policies, left out": {
        given: [machine, group()],
        settings: { controlPlanePools: ["control-plane"] },
      },
    },
  },
  {
    policy: noOpenPorts,
    fail: {
      "the kubelet's, with what it is": {
        given: [rule({ remoteIpPrefix: "0.0.0.0/0", protocol: "tcp", portRangeMin: 10_256, portRangeMax: 10_256 })],
        tells: "kubelet, kube-proxy, controller manager and scheduler",
      },
    },
    pass: {
      "for a group of addresses": [
        rule({
          remoteIpPrefix: undefined,
          remoteAddressGroupId: "g",
          protocol: "tcp",
          portRangeMin: 22,
          portRangeMax: 22,
        }),
      ],
    },
  },
  {
    policy: noWorkerAddress,
    pass: {
      "an address of no port here": {
        given: [port("a", "batch"), { type: TYPES.floatingIpAssociate, dependencies: ["urn:elsewhere"] }],
        settings: { workerPools: ["batch"] },
      },
      "a port of no pool": {
        given: [
          { type: TYPES.port, name: "b", urn: "urn:port-b", props: {} },
          { type: TYPES.floatingIpAssociate, dependencies: ["urn:port-b"] },
        ],
        settings: { workerPools: ["batch"] },
      },
    },
  },
];
