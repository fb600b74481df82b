/**
 * What versions 3.15.2 and 5 of @pulumi/openstack have in common (both schemas compared). The program uses nothing else, so
 * a site may move to 5 by changing the dependency.
 */
import { texts, type Properties } from "../../stacks/site/offline/properties";
import type { Recording } from "../../stacks/site/offline/recorder";

/** Resources that are the same in both. */
export const SHARED: Readonly<Record<string, readonly string[]>> = {
  networking: [
    "Network",
    "Subnet",
    "Router",
    "RouterInterface",
    "Port",
    "SecGroup",
    "SecGroupRule",
    "FloatingIp",
    "FloatingIpAssociate",
  ],
  compute: ["Instance", "Keypair", "ServerGroup", "VolumeAttach", "InterfaceAttach"],
  blockstorage: ["Volume"],
  images: ["Image"],
  loadbalancer: ["LoadBalancer", "Listener", "Pool", "Member", "Monitor"],
  containerinfra: ["Cluster", "ClusterTemplate", "NodeGroup"],
  dns: ["RecordSet", "Zone"],
  sharedfilesystem: ["Share"],
  identity: ["ApplicationCredential"],
};

/** Functions that are the same in both. */
export const SHARED_FUNCTIONS = [
  "images.getImageOutput",
  "networking.getNetworkOutput",
  "containerinfra.getClusterTemplate",
  "containerinfra.getClusterTemplateOutput",
];

/** Inputs of shared resources that 5 no longer has. */
export const REMOVED_INPUTS: Readonly<Record<string, readonly string[]>> = {
  "openstack:compute/instance:Instance": ["accessIpV4", "accessIpV6", "floatingIp", "volumes"],
  "openstack:blockstorage/volume:Volume": ["multiattach"],
  "openstack:networking/subnet:Subnet": ["allocationPoolsCollection", "hostRoutes"],
  "openstack:networking/router:Router": ["externalGateway"],
  "openstack:images/getImage:getImage": ["sortDirection", "sortKey"],
};

const sharedTypes = new Set(
  Object.entries(SHARED).flatMap(([module, types]) =>
    types.map((type) => `openstack:${module}/${type[0].toLowerCase()}${type.slice(1)}:${type}`),
  ),
);

const functions = [
  ...Object.keys(REMOVED_INPUTS),
  "openstack:networking/getNetwork:getNetwork",
  "openstack:containerinfra/getClusterTemplate:getClusterTemplate",
];

/** Inputs that 5 wants as maps of texts, where 3.15.2 takes anything. */
const MAPS = ["metadata", "labels", "properties", "valueSpecs"];

/** Everything a run asked of OpenStack that one of the two would not take, each with why. */
export function outsideSubset(recording: Recording): string[] {
  const asked = [
    ...recording.requests.map(({ type, name, inputs }) => ({ type, name, inputs })),
    ...recording.invokes.map(({ token, inputs }) => ({ type: token, name: "", inputs })),
  ];
  return asked
    .filter(({ type }) => type.startsWith("openstack:"))
    .flatMap(({ type, name, inputs }) => {
      const known = sharedTypes.has(type) || functions.includes(type);
      const gone = Object.keys(inputs).filter((input) => REMOVED_INPUTS[type]?.includes(input));
      const untyped = MAPS.filter(
        (map) => isObject(inputs[map]) && texts(inputs[map]).length < Object.keys(inputs[map]).length,
      );
      return [
        ...(known ? [] : [`${type} ${name}: not in both versions`]),
        ...gone.map((input) => `${type} ${name}: 5 has no input ${input}`),
        ...untyped.map((map) => `${type} ${name}: ${map} must hold texts only`),
      ];
    });
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
