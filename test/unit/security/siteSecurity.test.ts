/** What holds in the whole cluster, the levels and limits of a queue, and the namespaces of the site's own services. */
import { known, queueArgs } from "../../support/componentArgs";
import { UNKNOWN_CLUSTER } from "../../../components/cluster/capabilities";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowedImages, imageExpression } from "../../../components/security/admission/images";
import { admissionPolicies } from "../../../components/security/admission/policies";
import { admissionRules, policySpec, shapes } from "../../../components/security/admission/policy";
import { openTaints } from "../../../components/security/admission/placeRules";
import { celList, celText } from "../../../components/security/admission/rule";
import { InfrastructureNamespace } from "../../../components/kubernetes/InfrastructureNamespace";
import { defaultMemoryMb, mostJobs, quotaOf } from "../../../components/security/limits";
import { podSecurityOf } from "../../../components/security/podSecurity";
import { SiteSecurity } from "../../../components/security/SiteSecurity";
import { record } from "../../../stacks/site/offline/recorder";
import { versions } from "../../../versions";
import { site } from "../../support/sites";

const ADMISSION = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";

async function siteSecurity() {
  return (await record({}, () => new SiteSecurity("security", known(site("small"))))).recording;
}

describe("the cluster", () => {
  test("has a policy for each kind of object, bound to the queues' namespaces, failing closed", async () => {
    const recording = await siteSecurity();
    expect(recording.ofType(ADMISSION).map(({ name }) => name)).toEqual(
      admissionPolicies(known(site("small")))
        .map(({ name }) => `security-${name}`)
        .sort(),
    );
    for (const { name } of admissionPolicies(known(site("small")))) {
      const policy = recording.only(ADMISSION, `security-${name}`);
      expect(policy.inputs.spec).toMatchObject({ failurePolicy: "Fail" });
      const binding = recording.only(`${ADMISSION}Binding`, `security-${name}`);
      expect(binding.dependsOn).toEqual([policy.urn]);
      expect(binding.inputs.spec).toEqual({
        policyName: name,
        validationActions: ["Deny", "Audit"],
        matchResources: { namespaceSelector: { matchExpressions: [{ key: "atlas-site/queue", operator: "Exists" }] } },
      });
    }
  });

  test("ranks services over jobs, jobs push nothing out, and neither is what a pod gets that names no class", async () => {
    const classes = (await siteSecurity()).ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass");
    const seen = classes.map(({ inputs }) => [
      inputs.metadata,
      inputs.value,
      inputs.preemptionPolicy,
      inputs.globalDefault,
    ]);
    expect(seen).toEqual([
      [{ name: "atlas-site-infrastructure" }, 1_000_000, undefined, undefined],
      [{ name: "atlas-site-jobs" }, 0, "Never", undefined],
    ]);
  });

  test("has no mutating admission: it would cost Jobs the label that Harvester finds them by", async () => {
    expect((await siteSecurity()).requests.filter(({ type }) => /Mutating|Webhook/.test(type))).toEqual([]);
  });
});

describe("the rules", () => {
  test("have names of their own, an expression each, and words for whoever meets them", () => {
    for (const variant of ["small", "existing"] as const) {
      const rules = admissionRules(known(site(variant)));
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
      rules.forEach((rule) => {
        expect([rule.name, rule.pod ?? rule.container ?? rule.volume ?? rule.table]).not.toContain(undefined);
        const fields = rule.table === undefined ? rule.fields.length : 1;
        expect(Math.min(fields, rule.advice.length, rule.why.length)).toBeGreaterThan(0);
      });
    }
  });

  test("are all in every policy, and name fields by their place in the object", () => {
    const rules = admissionRules(known(site("small")));
    for (const shape of shapes) {
      const { validations } = policySpec(known(site("small")), rules, shape);
      expect(validations.map(({ message }) => message.split(":")[0])).toEqual(rules.map(({ name }) => name));
      validations.slice(0, -2).forEach(({ message }) => expect(message).toContain(`: ${shape.pod}.`));
    }
  });

  test("take images from where the queues and the site have them, and from the mirror of these", () => {
    const { queues } = site("zonesVolumesTaints");
    const [queue] = Object.values(queues);
    const of = {
      site: { name: "s", registryPrefix: "mirror.example/k8s" },
      queues: { Q: { ...queue, image: "registry.example:5000/atlas/grid-el9:1" } },
      security: { ...site("small").security, imageRegistries: ["other.example"] },
    };
    expect(allowedImages(of)).toEqual({
      paths: ["mirror.example/k8s/", "mirror.example/k8s/atlas/", "other.example/", "registry.example:5000/atlas/"],
      repositories: [],
    });
  });

  test.each([
    ["almalinux:9", [], ["almalinux"]],
    ["almalinux", [], ["almalinux"]],
    ["library/almalinux:9", [], ["library/almalinux"]],
    ["docker.io/almalinux:9", [], ["docker.io/almalinux"]],
    ["docker.io/library/almalinux@sha256:00", [], ["docker.io/library/almalinux"]],
    ["localhost/pilot:1", [], ["localhost/pilot"]],
    ["registry.example:5000/pilot:1", [], ["registry.example:5000/pilot"]],
    ["atlasadc/atlas-grid:1", ["atlasadc/"], []],
    ["docker.io/atlasadc/atlas-grid:1", ["docker.io/atlasadc/"], []],
    ["registry.example/a/b/pilot", ["registry.example/a/b/"], []],
  ])("open with queue image %s its own path or repository, never a whole registry", (image, paths, repositories) => {
    const [queue] = Object.values(site("small").queues);
    const of = { site: { name: "s" }, queues: { Q: { ...queue, image } }, security: site("small").security };
    expect(allowedImages(of)).toEqual({ paths, repositories });
  });

  test("for any queue image open no beginning that matches everything, and always the image itself", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const host = fc.constantFrom("", "docker.io/", "quay.io/", "localhost/", "registry.example:5000/");
    const anyImage = fc
      .tuple(host, fc.array(part, { maxLength: 3 }), part, fc.constantFrom("", ":9", "@sha256:0a", ":9@sha256:0a"))
      .map(([registry, path, name, version]) => `${registry}${[...path, name].join("/")}${version}`);
    const [queue] = Object.values(site("small").queues);
    fc.assert(
      fc.property(anyImage, (image) => {
        const of = { site: { name: "s" }, queues: { Q: { ...queue, image } }, security: site("small").security };
        const { paths, repositories } = allowedImages(of);
        const open = paths.filter((path) => !/[a-z0-9]\/$/.test(path) || /^[^/]*[.:][^/]*\/$|^localhost\/$/.test(path));
        expect(open).toEqual([]);
        const start = [...paths, ...repositories].find((one) => image.startsWith(one));
        expect(start).toBeDefined();
      }),
    );
  });

  test("match a single repository as a whole, so that no registry of that name is let in by its port", () => {
    expect(imageExpression({ paths: [], repositories: ["a.b/c"] })).toContain("'^a\\\\.b/c(:");
    expect(imageExpression({ paths: [], repositories: [] })).toBe("false");
  });

  test("open the taints of batch pools alone, and of no pool where the machines are somebody else's", () => {
    const spread = site("zonesVolumesTaints");
    expect(openTaints(known(spread))).toContain("site.example/batch");
    const [control] = Object.values(spread.cloud!.pools);
    const with1 = (role: "services" | "batch", key: string) => {
      const taints = [{ key, value: "", effect: "NoSchedule" as const }];
      const pools = { ...spread.cloud!.pools, more: { ...control, role, taints } };
      return openTaints(known({ ...spread, cloud: { ...spread.cloud!, pools } }));
    };
    expect(with1("services", "site.example/services")).not.toContain("site.example/services");
    expect(with1("batch", "site/cvmfs-unready")).not.toContain("site/cvmfs-unready");
    expect(openTaints({ capabilities: UNKNOWN_CLUSTER, closedTaints: [] })).toBeUndefined();
  });

  test("write texts as CEL reads them", () => {
    expect([celText("it's"), celText("a\\b"), celList(["a", "b"])]).toEqual(["'it\\'s'", "'a\\\\b'", "['a', 'b']"]);
  });
});

describe("a queue", () => {
  test.each([
    ["none", "RuntimeDefault", "baseline", "restricted"],
    ["csi", "RuntimeDefault", "baseline", "restricted"],
    ["csi", "Unconfined", "privileged", "privileged"],
    ["host", "RuntimeDefault", "privileged", "privileged"],
    ["host", "Unconfined", "privileged", "privileged"],
  ] as const)("with CVMFS %s and seccomp %s is held to %s and noticed below %s", (mode, seccomp, enforce, notice) => {
    expect(podSecurityOf({ mode }, { seccomp })).toEqual({ enforce, notice });
  });

  test("is limited in objects that refuse themselves, never in what refuses a pod", () => {
    const limits = queueArgs(site("small"), "TEST-K8S");
    const quota = quotaOf(limits);
    // 2 machines of 8 cores at 90 %, 40 % of that waiting, and the ended ones a cluster keeps.
    expect(mostJobs(limits)).toBe(16 + 7 + 12_500);
    expect(quota["count/jobs.batch"]).toBe("12523");
    expect(Object.keys(quota).filter((key) => /cpu|memory|storage|^(count\/)?pods/.test(key))).toEqual([]);
    expect([quota["services.nodeports"], quota["services.loadbalancers"]]).toEqual(["0", "0"]);
  });

  test("has a default memory request of one core's share", () => {
    expect(defaultMemoryMb(site("small").queues["TEST-K8S"])).toBe(1750);
  });
});

describe("a namespace of the site's own services", () => {
  test("is closed, held to its level of a pinned version, and its default account has empty hands", async () => {
    const { recording } = await record({}, () => {
      new InfrastructureNamespace("squid", { namespace: "atlas-site-squid", level: "restricted" });
    });
    expect(recording.only("kubernetes:core/v1:Namespace").inputs.metadata).toEqual({
      name: "atlas-site-squid",
      labels: {
        "atlas-site/infrastructure": "true",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": versions.podSecurity,
      },
    });
    expect(recording.only("kubernetes:networking.k8s.io/v1:NetworkPolicy").inputs).toMatchObject({
      metadata: { name: "default-deny", namespace: "atlas-site-squid" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(recording.only("kubernetes:core/v1:ServiceAccountPatch").inputs).toMatchObject({
      metadata: { name: "default", namespace: "atlas-site-squid" },
      automountServiceAccountToken: false,
    });
  });
});
