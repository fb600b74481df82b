/** What the program may rely on in a site's cluster. */
import { describe, expect, test } from "vitest";
import { capabilities, UNKNOWN_CLUSTER, unsupported } from "../../../components/cluster/capabilities";
import type { Site } from "../../../stacks/site/site";
import { kubeadmSite, site, variantNames } from "../../support/sites";

describe("capabilities", () => {
  test("of a kubeadm site: its machines, network, pools, node settings and control plane are those of the site file", () => {
    const small = kubeadmSite("small");
    const { cloud, cluster } = small;
    const found = capabilities(small);
    expect(found).toMatchObject({
      title: `kubeadm, Kubernetes ${cluster.kubernetes}`,
      machineNetwork: cloud.network.cidr,
      nodeReplacement: "generation",
      serviceLoadBalancers: false,
      kubeconfig: "issued",
      cloudSection: "required",
    });
    expect([found.machines, found.nodePools]).toEqual([cloud, cloud.pools]);
    expect(found.nodes).toMatchObject({ reserved: cluster.reserved, maxPods: cluster.maxPods });
    const control = Object.values(cloud.pools).filter(({ role }) => role === "control-plane");
    expect(found.controlPlane).toMatchObject({
      kubernetes: cluster.kubernetes,
      addresses: control.map(({ addresses }) => addresses),
      auditLog: "/var/log/kubernetes",
    });
  });

  test("of an existing cluster: nothing is known but its name", () => {
    expect(capabilities(site("existing"))).toEqual({ ...UNKNOWN_CLUSTER, title: "guest-cluster" });
  });

  test("of a Magnum cluster: node groups are known, machines, node settings and control plane are Magnum's", () => {
    const found = capabilities(site("magnum"));
    expect(found).toMatchObject({
      title: "Magnum, template kubernetes-1.36.2-1",
      poolLabel: "magnum.openstack.org/nodegroup",
      jobNodes: { "magnum.openstack.org/role": "batch" },
      nodeReplacement: "external",
      kubeconfig: "issued",
      clients: "serviceAccount",
      cloudSection: "forbidden",
    });
    expect(Object.entries(found.nodePools ?? {}).map(([name, { role, count }]) => [name, role, count])).toEqual([
      ["default-worker", "services", 2],
      ["batch", "batch", 2],
      ["burst", "batch", 20],
    ]);
    expect([found.machines, found.nodes, found.controlPlane]).toEqual([undefined, undefined, undefined]);
  });

  test.each(variantNames)(
    "of variant %s: machines, node settings, control plane and client certificates come together",
    (variant) => {
      const found = capabilities(site(variant));
      const isOwn = found.machines !== undefined;
      expect([found.controlPlane !== undefined, found.nodes !== undefined, found.clients === "certificate"]).toEqual([
        isOwn,
        isOwn,
        isOwn,
      ]);
    },
  );

  test("of a kubeadm site without a section cloud, which the checks refuse: no machines, and no error", () => {
    const { machines, machineNetwork, nodePools, controlPlane } = capabilities({
      ...kubeadmSite("small"),
      cloud: undefined,
    });
    expect([machines, machineNetwork, nodePools, controlPlane?.addresses]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ]);
  });

  test("of a provisioner that the types do not know: an error names it", () => {
    const cluster = { provisioner: "other" } as unknown as Site["cluster"];
    expect(() => capabilities({ cluster })).toThrow('"provisioner":"other"');
    expect(() => unsupported({ provisioner: "other" } as never)).toThrow("add a case");
  });
});
