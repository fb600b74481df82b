import { podSecurity, nsa, kyverno, kubesec } from "../model/frameworks";
import { securityContexts, show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

const PROFILES: ReadonlySet<unknown> = new Set(["RuntimeDefault", "Localhost"]);
/** How profiles were said before there was a field; still obeyed. */
const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

/** No pod or container may turn AppArmor off. */
export const apparmorNotUnconfined: PodPolicy = {
  kind: "pod",
  name: "apparmor-not-unconfined",
  title: "AppArmor never turned off",
  why: "Unconfined takes away the rules that keep a container from mounting, and from writing below /proc and /sys.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: appArmorProfile"),
    kyverno("restrict-apparmor-profiles"),
    kubesec("ApparmorAny"),
    nsa("C-0055"),
  ],
  remediation: "Remove the profile (and old annotations), or use type: RuntimeDefault.",
  check: (pod) => [
    ...each(securityContexts(pod), ({ of, context }) => {
      const profile = context.at("appArmorProfile");
      const type = profile.at("type");
      return !profile.present || PROFILES.has(type.value)
        ? undefined
        : violation(type, `${of} has AppArmor profile ${show(type)}`);
    }),
    ...each([pod.metadata.at("annotations")], (annotations) =>
      each(annotations.entries, ([key, value]) =>
        key.startsWith(ANNOTATION) && !/^(|runtime\/default|localhost\/.*)$/.test(value.text ?? "")
          ? violation(value, `AppArmor profile ${show(value)}`)
          : undefined,
      ),
    ),
  ],
};
