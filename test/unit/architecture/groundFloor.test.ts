/** What every object of the site's services needs is created in one place, `components/kubernetes/`. */
import ts from "typescript";
import { describe, expect, test } from "vitest";
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

  test("workloads are created by the shapes alone; a CronJob is the only one without a shape", () => {
    const kind = /^k8s\.apps\./;
    expect(created(kind, [])).toHaveLength(3);
    expect(created(kind, ["components/kubernetes/workloads.ts"])).toEqual([]);
    expect(created(/^k8s\.batch\./, ["components/accounting/Accounting.ts"])).toEqual([]);
  });
});
