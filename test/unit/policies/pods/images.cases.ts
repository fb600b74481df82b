import { imageDigestPinned } from "../../../../policies/pods/imageDigestPinned";
import { noLatestTag } from "../../../../policies/pods/noLatestTag";
import { registryAllowList } from "../../../../policies/pods/registryAllowList";
import { NO_POD, pod, type PolicyCases } from "../policyCases";

const image = (name: string) => pod(`containers: [{ name: a, image: ${name} }]`);
const volume = (name: string) =>
  pod(
    `containers: [{ name: a, image: "registry.k8s.io/a:1@${DIGEST}" }]\nvolumes: [{ name: v, image: { reference: "${name}" } }]`,
  );
const DIGEST = `sha256:${"0a".repeat(32)}`;
const registries = { registries: ["registry.k8s.io", "gitlab-registry.cern.ch/panda/", "docker.io/library"] };

/** Cases of the policies on images. */
export const cases: readonly PolicyCases[] = [
  {
    policy: registryAllowList,
    pass: {
      "one repository": {
        given: image("a.example/one:1"),
        settings: { registries: ["a.example/one"] },
      },
      "a registry": { given: image("registry.k8s.io/pause:3.10"), settings: registries },
      "a folder of one": { given: image("gitlab-registry.cern.ch/panda/x@" + DIGEST), settings: registries },
      "Docker Hub's, which need not be named": { given: image("debian:12"), settings: registries },
    },
    fail: {
      "another folder": {
        given: image("gitlab-registry.cern.ch/pandas/x"),
        tells: "from none of",
        settings: registries,
      },
      "a name that only begins alike": {
        given: image("registry.k8s.io.example.com/pause"),
        tells: "spec.containers[0].image",
        settings: registries,
      },
      "somebody of Docker Hub": { given: image("somebody/debian:12"), tells: "somebody", settings: registries },
      "no image": { given: pod("containers: [{ name: a }]"), tells: "nothing", settings: registries },
      "an image that is mounted": { given: volume("a.b/c:1"), tells: 'volume "v" has image', settings: registries },
      "beside the one repository": {
        given: image("a.example/one-more:1"),
        tells: "from none of",
        settings: { registries: ["a.example/one"] },
      },
    },
    notApplicable: { "no pod": NO_POD, "a site without a list": image("anything") },
    unknown: { "which image": { given: image("!unknown"), settings: registries } },
  },
  {
    policy: imageDigestPinned,
    pass: {
      "tag and digest": image(`a.b/c:1@${DIGEST}`),
      "digest alone": image(`a.b/c@${DIGEST}`),
      "of SHA-512": image(`a.b/c@sha512:${"0a".repeat(64)}`),
    },
    fail: {
      "a digest of an unknown kind": { given: image(`a.b/c@md5:${"0a".repeat(16)}`), tells: "without a digest" },
      "an image that is mounted": { given: volume("a.b/c:1"), tells: "spec.volumes[0].image.reference" },
      "a tag": { given: image("a.b/c:1.2.3"), tells: "without a digest" },
      "a digest cut short": { given: image("a.b/c@sha256:00"), tells: "spec.containers[0].image" },
      "a digest with more after it": { given: image(`a.b/c@${DIGEST}0`), tells: "without a digest" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which image": image("!unknown") },
  },
  {
    policy: noLatestTag,
    pass: { "a version": image("a.b:5000/c:1.2.3"), "a digest": image(`a.b/c@${DIGEST}`) },
    fail: {
      "an image that is mounted": { given: volume("a.b/c"), tells: "names no version" },
      "a digest cut short": { given: image("a.b/c@sha256:00"), tells: "names no version" },
      latest: { given: image("a.b/c:latest"), tells: "another one every day" },
      "no version, at a port": { given: image("a.b:5000/c"), tells: "names no version" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which image": image("!unknown") },
  },
];
