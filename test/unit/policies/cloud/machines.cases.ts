import { gzipSync } from "node:zlib";
import { controlPlaneSpread } from "../../../../policies/cloud/controlPlaneSpread";
import { imagePinned } from "../../../../policies/cloud/imagePinned";
import { TYPES } from "../../../../policies/cloud/openstack";
import { userDataSecret } from "../../../../policies/cloud/userDataSecret";
import { UNKNOWN } from "../../../../policies/model/field";
import type { CaseResource, PolicyCases } from "../policyCases";

function machine(props: object, more: Partial<CaseResource> = {}): CaseResource {
  return { type: TYPES.machine, props, ...more };
}

function control(index: number, props: object = { schedulerHints: [{ group: UNKNOWN }] }): CaseResource {
  return machine({ tags: ["pool=control"], ...props }, { name: `control-${index}` });
}

const group = (...policies: readonly string[]): CaseResource => ({ type: TYPES.serverGroup, props: { policies } });
const settings = { controlPlanePools: ["control"] };
const namespace: CaseResource = { type: "kubernetes:core/v1:Namespace" };

const KEY = ["-----BEGIN EC PRIVATE", "KEY-----"].join(" ");
const packed = (text: string) => gzipSync(text).toString("base64");

/** Cases of the policies on machines. */
export const cases: readonly PolicyCases[] = [
  {
    policy: imagePinned,
    pass: {
      "an id that is not known yet": [machine({ imageId: UNKNOWN })],
      "a volume from an image": [machine({ blockDevices: [{ uuid: "6f1c", sourceType: "image" }] })],
      "a checked download": [
        { type: TYPES.image, props: { imageSourceUrl: "https://i.example", verifyChecksum: true } },
      ],
      "an image of a file": [{ type: TYPES.image, props: { localFilePath: "image.raw" } }],
    },
    fail: {
      "a name": {
        given: [machine({ imageName: "debian" })],
        tells: 'imageId: the image is given as the name "debian"',
      },
      "an unchecked download": {
        given: [{ type: TYPES.image, props: { imageSourceUrl: "https://i.example" } }],
        tells: "verifyChecksum: the download is not checked",
      },
    },
    notApplicable: { "another type": [namespace] },
    unknown: { "where an image comes from": [{ type: TYPES.image, props: { imageSourceUrl: UNKNOWN } }] },
  },
  {
    policy: controlPlaneSpread,
    pass: {
      "one machine": { given: [control(0, {})], settings },
      three: { given: [control(0), control(1), control(2), group("soft-anti-affinity")], settings },
    },
    fail: {
      two: { given: [control(0), control(1)], tells: "the control plane has 2 machines, an even number", settings },
      "one of three in no group": {
        given: [control(0), control(1, {}), control(2)],
        tells: "schedulerHints: it is in no server group",
        settings,
      },
      "a group that gathers": {
        given: [control(0), group("affinity")],
        tells: "policies: the group's policy is affinity",
        settings,
      },
    },
    notApplicable: {
      "workers only": { given: [machine({ tags: ["pool=batch"] })], settings },
      "no pool known": [control(0), control(1)],
    },
    unknown: { "the group's policy": { given: [control(0), { ...group(), props: { policies: UNKNOWN } }], settings } },
  },
  {
    policy: userDataSecret,
    pass: {
      "a secret": [machine({ userData: packed(`#cloud-config\n${KEY}`) }, { secrets: ["userData"] })],
      "nothing secret in it": [machine({ userData: packed("#cloud-config\nruncmd: []") }, { secrets: [] })],
      "a secret that is not known yet": [machine({ userData: UNKNOWN }, { secrets: ["userData"] })],
    },
    fail: {
      "a key in clear": {
        given: [machine({ userData: `#cloud-config\nwrite_files: [{ content: '${KEY}' }]` }, { secrets: [] })],
        tells: "userData: it holds a private key or a token, and is no secret",
      },
      "a packed key": {
        given: [machine({ userData: packed(`#cloud-config\n${KEY}`) }, { secrets: ["other"] })],
        tells: "is no secret",
      },
      "kubeadm's token": {
        given: [machine({ userData: packed("#cloud-config\ntoken: abcdef.0123456789abcdef\n") }, { secrets: [] })],
        tells: "is no secret",
      },
    },
    notApplicable: { "an engine that tells no secrets": [machine({ userData: packed(`#cloud-config\n${KEY}`) })] },
    unknown: { "the user data": [machine({ userData: UNKNOWN }, { secrets: [] })] },
  },
];
