import { kyverno, kubeLinter, polaris } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { hasDigest, imagesOf, partsOf } from "./images";

/** Every image must name a version. */
export const noLatestTag: PodPolicy = {
  kind: "pod",
  name: "no-latest-tag",
  title: "No image by the tag latest",
  why: "Two nodes that pull `latest` on two days run two programs, and nobody can tell which one a job had.",
  level: "mandatory",
  severity: "medium",
  frameworks: [kyverno("disallow-latest-tag"), kubeLinter("latest-tag"), polaris("tagNotSpecified")],
  remediation: "Name a version: name:1.2.3, best with its digest.",
  check: (pod) =>
    each(imagesOf(pod), ({ of, image }) => {
      const { tag } = partsOf(image.text ?? "");
      return hasDigest(image.text ?? "") || (tag !== undefined && tag !== "" && tag !== "latest")
        ? undefined
        : violation(
            image,
            `${of} has image ${show(image)}, ${tag === undefined ? "which names no version" : "which is another one every day"}`,
          );
    }),
};
