import { cis, nsa, kyverno } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";
import { imagesOf, isFrom } from "./images";

/** Images may come from the site's registries only. Reads `registries`. */
export const registryAllowList: PodPolicy = {
  kind: "pod",
  name: "registry-allow-list",
  title: "Images from known registries",
  why: "An image from anywhere is a program from anybody, with the pod's rights.",
  level: "mandatory",
  severity: "high",
  frameworks: [kyverno("restrict-image-registries"), nsa("C-0001, C-0078"), cis("5.5.1")],
  remediation: "Use an image of a registry in the pack's `registries`, or add the registry there.",
  check: (pod, settings) =>
    settings.registries.length === 0
      ? notApplicable("the site names no registries", "registries")
      : each(imagesOf(pod), ({ of, image }) => {
          return image.text !== undefined && isFrom(image.text, settings.registries)
            ? undefined
            : violation(
                image,
                `${of} has image ${show(image)}, which is from none of [${settings.registries.join(", ")}]`,
              );
        }),
};
