import { nsa, kyverno, own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { hasDigest, imagesOf } from "./images";

/** Every image must be named by its digest. */
export const imageDigestPinned: PodPolicy = {
  kind: "pod",
  name: "image-digest-pinned",
  title: "Images named by digest",
  why: "A tag can be moved: what runs tomorrow is not what was tested today. Payload images follow the experiment's own releases, so for them it is advice.",
  level: { batch: "advisory", infrastructure: "mandatory" },
  severity: "medium",
  frameworks: [kyverno("require-image-checksum"), nsa("C-0078"), own("gatekeeper library: imagedigests")],
  remediation: "Add the digest to the image: name:tag@sha256:….",
  check: (pod) =>
    each(imagesOf(pod), ({ of, image }) => {
      return hasDigest(image.text ?? "")
        ? undefined
        : violation(image, `${of} has image ${show(image)} without a digest`);
    }),
};
