/** What the StatefulSets and Services of Prometheus and Alertmanager have in common, as plain values. */
import { volumeSize } from "./resources";
import { labelsOf } from "./names";

/** One pod with one volume. */
export interface StatefulPlan<Pod> {
  readonly name: string;
  readonly pod: Pod;
  /** Name of the volume in the pod. */
  readonly volume: string;
  readonly storageClass: string;
  readonly volumeGb: number;
}

/**
 * Spec of the StatefulSet, less what is known only later: the annotation with the configuration's hash. The claim outlives
 * the StatefulSet, so that no change of the latter takes the data with it.
 */
export function statefulSetSpec<Pod, Hash>(plan: StatefulPlan<Pod>, configurationHash: Hash) {
  const { name, pod, volume, storageClass, volumeGb } = plan;
  const labels = labelsOf(name);
  return {
    serviceName: name,
    replicas: 1,
    selector: { matchLabels: labels },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    template: {
      metadata: { labels, annotations: { "atlas-site/configuration-hash": configurationHash } },
      spec: pod,
    },
    volumeClaimTemplates: [
      {
        metadata: { name: volume, labels },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: storageClass,
          resources: { requests: { storage: volumeSize(volumeGb) } },
        },
      },
    ],
  };
}

/** Spec of the Service by which others in the cluster find the pod. */
export function serviceSpec(name: string, port: number) {
  return { selector: labelsOf(name), ports: [{ name: "http", port, targetPort: "http" }] };
}
