import type { Field } from "../model/field";
import { notApplicable, violation, type Answer, type ObjectPolicy } from "../model/policy";
import { flagsOf } from "./flags";

/** Requests the controller manager makes for one Job with one pod, from its creation to its end. */
const WRITES_PER_JOB = 5;
/** A storm of empty pilots: every core starts one each five minutes. */
const SHORTEST_JOB_SECONDS = 300;

/** The control plane's own brakes are looser than the site is large. */
export const clientRates: ObjectPolicy = {
  kind: "object",
  name: "client-rates",
  title: "Scheduler and controller manager may make as many requests as the site's cores can ask for",
  why: "Their defaults (50 and 20 a second) are what limits a large site when pilots find no work and end at once: cores stand empty while the API server idles.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "atlas-site", version: "1", control: "cores / 300 s pods a second, 5 writes each" }],
  remediation: "Raise kube-api-qps of the controller manager and clientConnection.qps of the scheduler.",
  kinds: ["kubeadm.k8s.io/ClusterConfiguration", "kubescheduler.config.k8s.io/KubeSchedulerConfiguration"],
  check: (object, settings) => {
    if (settings.batchCores === undefined) {
      return notApplicable("the number of cores is not known");
    }
    const podsPerSecond = settings.batchCores / SHORTEST_JOB_SECONDS;
    if (object.kind === "KubeSchedulerConfiguration") {
      const rate = object.root.at("clientConnection", "qps");
      return atLeast(podsPerSecond, rate.number ?? 50, rate);
    }
    const rate = flagsOf(object, "kube-controller-manager", settings)?.get("kube-api-qps");
    return atLeast(podsPerSecond * WRITES_PER_JOB, Number(rate?.value ?? 20), rate?.at ?? object.root);
  },
};

function atLeast(needed: number, given: number, at: Field): Answer {
  return given >= needed ? [] : [violation(at, `${given} requests a second, and ${Math.ceil(needed)} may be needed`)];
}
