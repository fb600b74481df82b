/** What every object of the site's services needs is created in one place, `components/kubernetes/`. */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { API_SERVER_PORT, KUBELET_PORT, VXLAN_PORT } from "../../../components/kubernetes/ports";
import { nodes, place, sources } from "../../support/sources";

const layered = sources("components");

/** Places outside the allowed files where a resource of this kind is created. */
function created(kind: RegExp, allowed: readonly string[]): string[] {
  return layered
    .filter(({ path }) => !allowed.includes(path))
    .flatMap((source) =>
      nodes(source.tree)
        .filter((node) => ts.isNewExpression(node) && kind.test(node.expression.getText()))
        .map((node) => place(source, node)),
    );
}

describe("ground floor", () => {
  test("roles and bindings are created by grant alone", () => {
    const kind = /^k8s\.rbac\./;
    expect(created(kind, [])).toHaveLength(4);
    expect(created(kind, ["components/kubernetes/grant.ts"])).toEqual([]);
  });

  test("ports of every node are written once, in kubernetes/ports.ts", () => {
    const all = sources("components", "stacks/site", "docs", "index.ts").flatMap((source) =>
      nodes(source.tree)
        .filter((node) => ts.isNumericLiteral(node))
        .filter((node) => ([API_SERVER_PORT, KUBELET_PORT, VXLAN_PORT] as number[]).includes(Number(node.text)))
        .map(() => source.path),
    );
    expect(all).toEqual(Array(3).fill("components/kubernetes/ports.ts"));
  });

  test("workloads are created by the shapes alone; a CronJob is the only one without a shape", () => {
    const kind = /^k8s\.apps\./;
    expect(created(kind, [])).toHaveLength(3);
    expect(created(kind, ["components/kubernetes/workloads.ts"])).toEqual([]);
    expect(created(/^k8s\.batch\./, ["components/accounting/Accounting.ts"])).toEqual([]);
  });
});

describe("features", () => {
  /** Words by which a layer below the features would know one of them. */
  const NAMES: Readonly<Record<string, RegExp>> = {
    cloud: /squid|prometheus|cvmfs|monitoring/i,
    cluster: /squid|prometheus|cvmfs|monitoring/i,
    // Its rules are about jobs, which mount /cvmfs; the services of CVMFS are none of theirs.
    security: /squid|cvmfs-unready|cvmfs_taint|prometheus|monitoring/i,
  };

  test.each(Object.entries(NAMES))("are not known by name in %s", (layer, names) => {
    const lines = layered
      // Magnum's own names for its add-ons, some of which are called like features.
      .filter(({ path }) => path.startsWith(`components/${layer}/`) && path !== "components/cluster/magnum/labels.ts")
      .flatMap(({ path, text }) => text.split("\n").map((line, index) => ({ line, at: `${path}:${index + 1}` })));
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter(({ line }) => names.test(line)).map(({ line, at }) => `${at}: ${line.trim()}`)).toEqual([]);
  });
});
