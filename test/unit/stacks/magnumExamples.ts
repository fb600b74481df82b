/** Examples of the cross-checks on the section of a Magnum cluster. */
import { flavor, type Example } from "./exampleParts";

const master = { name: "m2.large", vcpus: 4, ramMb: 7500, diskGb: 40 };

/** Changes that make the small site a Magnum site, with changes to its section. */
function magnum(cluster: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) {
  return {
    cloud: undefined,
    cluster: {
      provisioner: "magnum",
      driver: "heat",
      template: { name: "kubernetes-1" },
      masters: { flavor: master },
      defaultWorkers: { flavor },
      pools: { batch: { role: "batch", count: 2, flavor: master } },
      ...cluster,
    },
    network: { plugin: "none", policyEngine: "none" },
    ...more,
  };
}

const declared = { image: "fedora-coreos-42", externalNetwork: "public" };
const scaling = (count: number, min: number) => ({
  pools: { batch: { role: "batch", count, flavor: master, autoscaling: { min, max: 5 } } },
});

/** One failing and one passing change for each. */
export const magnumExamples: readonly Example[] = [
  {
    check: "Magnum's driver uses every label",
    fails: magnum({ labels: { cvmfs_enabled: true, kube_tagg: "v1.36.3" } }),
    says: [
      "cluster.labels.cvmfs_enabled: the Heat driver ignores this label, which is for CERN's driver, expected a label " +
        "that the driver uses; remove it, or pass it on unchecked under cluster.otherLabels",
      "cluster.labels.kube_tagg: the Heat driver ignores this label, expected a label that the driver uses; " +
        'rename it: did you mean "kube_tag"?',
    ],
    passes: magnum({ labels: { kube_tag: "v1.36.3" }, otherLabels: { cern_label: "on" } }),
  },
  {
    check: "Magnum's driver uses every label",
    fails: magnum({
      driver: "capi-helm",
      template: { declared: { ...declared, labels: { kubelet_options: "-v=4" } } },
    }),
    says: [
      "cluster.template.declared.labels.kubelet_options: magnum-capi-helm ends in CREATE_FAILED for this label, which is " +
        "for CERN's driver, the Heat driver, expected a label that the driver uses; remove it",
    ],
    passes: magnum({ driver: "capi-helm", labels: { auto_healing_enabled: false } }),
  },
  {
    check: "labels of Magnum have values of their kind",
    fails: magnum({
      labels: { auto_healing_enabled: "yes", boot_volume_size: "40", kube_tag: 1, fixed_subnet_cidr: "10/8" },
    }),
    says: [
      'cluster.labels.auto_healing_enabled: got "yes", expected true or false; give true or false without quotes',
      'cluster.labels.boot_volume_size: got "40", expected a whole number; give a number without quotes',
      "cluster.labels.kube_tag: got 1, expected text; give it in quotes",
      'cluster.labels.fixed_subnet_cidr: got "10/8", expected an IPv4 network in CIDR notation; write e.g. 10.100.0.0/16',
    ],
    passes: magnum({
      labels: { auto_healing_enabled: true, boot_volume_size: 40, kube_tag: "v1", fixed_subnet_cidr: "10.0.0.0/8" },
    }),
  },
  {
    check: "labels of Magnum are written once",
    fails: magnum({
      driver: "capi-helm",
      labels: { min_node_count: 1 },
      otherLabels: { auto_scaling_enabled: "true", monitoring_enabled: "true", unknown: "1" },
    }),
    says: [
      ...["labels.min_node_count", "otherLabels.auto_scaling_enabled"].map(
        (path) =>
          `cluster.${path}: got a label that the program derives from the pools, expected the bounds of each pool in ` +
          "cluster.pools.<name>.autoscaling; remove it, and give the pools that scale the key autoscaling",
      ),
      "cluster.otherLabels.monitoring_enabled: got a label that the program knows, expected only labels it does not know; " +
        "set it under cluster.labels as monitoring_enabled",
      ...["auto_scaling_enabled", "unknown"].map(
        (name) =>
          `cluster.otherLabels.${name}: magnum-capi-helm ends in CREATE_FAILED for a label it does not know, expected no ` +
          "label here with cluster.driver capi-helm; remove it",
      ),
    ],
    passes: magnum({ otherLabels: { unknown: "1" }, labels: { monitoring_enabled: true } }),
  },
  {
    check: "Magnum accepts the cluster's name",
    fails: magnum({}, { site: { name: "3rd" } }),
    says: [
      'site.name: got "3rd", expected a name that begins with a letter, or Magnum refuses the cluster; write e.g. site-3rd',
    ],
    passes: magnum({}, { site: { name: "site-3rd" } }),
  },
  {
    check: "a Magnum cluster has 1 or 3 masters",
    fails: magnum({
      masters: { count: 2, flavor: master },
      template: { declared: { ...declared, masterLoadBalancer: false } },
    }),
    says: [
      "cluster.masters.count: got 2 masters, expected 1 or 3 (etcd needs a majority); write 1",
      "cluster.template.declared.masterLoadBalancer: got false with 2 masters, expected true, or Magnum refuses more than " +
        "one master; write true, or have one master",
    ],
    passes: magnum({ masters: { count: 3, flavor: master }, template: { declared } }),
  },
  {
    check: "a Magnum master is large enough for its driver",
    fails: magnum({ driver: "cern", masters: { flavor: { ...master, vcpus: 3, ramMb: 6999 } } }),
    says: [
      "cluster.masters.flavor.vcpus: got 3, expected at least 4; with CERN's add-ons a smaller master never converges: " +
        "CREATE_FAILED after 45 minutes; use a flavor such as m2.large",
      "cluster.masters.flavor.ramMb: got 6999, expected at least 7000; with CERN's add-ons a smaller master never " +
        "converges: CREATE_FAILED after 45 minutes; use a flavor such as m2.large",
    ],
    passes: magnum({ driver: "cern", masters: { flavor: { ...master, ramMb: 7000 } } }),
  },
  {
    check: "a Magnum master is large enough for its driver",
    fails: magnum({ driver: "capi-helm", masters: { flavor: { ...master, vcpus: 1 } } }),
    says: [
      "cluster.masters.flavor.vcpus: got 1, expected at least 2; magnum-capi-helm refuses a smaller one; use a larger flavor",
    ],
    passes: magnum({ driver: "cern", labels: { cern_chart_enabled: false }, masters: { flavor } }),
  },
  {
    check: "pools have other names than Magnum's own groups",
    fails: magnum({ pools: { "default-worker": { role: "batch", count: 1, flavor: master } } }),
    says: [
      "cluster.pools.default-worker: got the name of a group that Magnum makes itself, expected another name; " +
        "rename it; for services there is cluster.defaultWorkers",
    ],
    passes: magnum({}),
  },
  {
    check: "a pool that scales begins within its bounds",
    fails: magnum(scaling(6, 1)),
    says: [
      "cluster.pools.batch.count: got 6, expected a number from autoscaling.min 1 to autoscaling.max 5, or Magnum refuses " +
        "the group; write 5",
    ],
    passes: magnum(scaling(5, 1)),
  },
  {
    check: "a pool that scales begins within its bounds",
    fails: magnum(scaling(5, 6)),
    says: ["cluster.pools.batch.autoscaling.min: got 6, and max is 5, expected at most 5; write 5 or less"],
    passes: magnum(scaling(5, 5)),
  },
  {
    check: "a Magnum cluster keeps its own pod network",
    fails: magnum({}, { network: { plugin: "flannel" } }),
    says: [
      'network.plugin: got "flannel", and a Magnum cluster brings a pod network of its own, expected none, with ' +
        "podCidr and serviceCidr as the template has them; write none",
    ],
    passes: magnum({}),
  },
  {
    check: "Magnum and the program do not both bring a volume driver",
    fails: magnum(
      { driver: "cern", labels: { cvmfs_enabled: true, cinder_csi_enabled: true } },
      { "cvmfs.mode": "csi", "storage.class": "cinder" },
    ),
    says: [
      'cvmfs.mode: got "csi", and the labels of the cluster ask Magnum for its own driver of CVMFS, expected one of the two; ' +
        "set the labels cvmfs_enabled and cvmfs_csi_enabled to false, or remove them",
      'storage.class: got "cinder", and the labels of the cluster ask Magnum for its own driver of Cinder, expected one of ' +
        "the two; give the label cinder_csi_enabled: false",
    ],
    passes: magnum(
      { driver: "cern", labels: { cvmfs_enabled: false, cinder_csi_enabled: false } },
      { "cvmfs.mode": "csi", "storage.class": "cinder" },
    ),
  },
];
