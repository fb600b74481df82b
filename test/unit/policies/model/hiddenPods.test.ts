import { describe, expect, test } from "vitest";
import { Field } from "../../../../policies/model/field";
import { objectsIn } from "../../../../policies/model/objects";
import { containersOf, podsNotJudged, podsOf } from "../../../../policies/model/pods";
import { defaultSettings } from "../../../../policies/model/settings";
import { UNKNOWN } from "../../../../policies/model/field";

const container = { name: "a", image: "x", securityContext: { privileged: true } };
const pod = { containers: [container] };

function found(object: object) {
  const [one] = objectsIn(new Field(object));
  const pods = podsOf(one, defaultSettings);
  return {
    containers: pods.flatMap((each) => containersOf(each)).map(({ path }) => path),
    notJudged: podsNotJudged(one),
    pods,
  };
}

describe("pods in foreign kinds", () => {
  test.each([
    [
      "a JobSet",
      "jobset.x-k8s.io/v1alpha2",
      { replicatedJobs: [{ template: { spec: { template: { spec: pod } } } }] },
      "spec.replicatedJobs[0].template.spec.template.spec.containers[0]",
    ],
    [
      "a Volcano Job",
      "batch.volcano.sh/v1alpha1",
      { tasks: [{ template: { spec: pod } }] },
      "spec.tasks[0].template.spec.containers[0]",
    ],
    [
      "a Kueue Workload",
      "kueue.x-k8s.io/v1beta1",
      { podSets: [{ template: { spec: pod } }] },
      "spec.podSets[0].template.spec.containers[0]",
    ],
    [
      "a RayCluster",
      "ray.io/v1",
      { headGroupSpec: { template: { spec: pod } } },
      "spec.headGroupSpec.template.spec.containers[0]",
    ],
    [
      "a Spark application's driver",
      "sparkoperator.k8s.io/v1beta2",
      { mainApplicationFile: "local:///a.py", image: "x", driver: { securityContext: { privileged: true } } },
      "spec.driver",
    ],
    [
      "a Spark application's executor",
      "sparkoperator.k8s.io/v1beta2",
      { sparkVersion: "4.0.0", executor: { image: "x", securityContext: { privileged: true } } },
      "spec.executor",
    ],
    [
      "KServe's model",
      "serving.kserve.io/v1beta1",
      { predictor: { model: { modelFormat: { name: "onnx" }, securityContext: { privileged: true } } } },
      "spec.predictor.model",
    ],
    [
      "KServe's model by its older name",
      "serving.kserve.io/v1beta1",
      { predictor: { sklearn: { storageUri: "s3://m", securityContext: { privileged: true } } } },
      "spec.predictor.sklearn",
    ],
    [
      "an Argo Workflow",
      "argoproj.io/v1alpha1",
      { templates: [{ name: "t", container }] },
      "spec.templates[0].container",
    ],
    [
      "an Argo script",
      "argoproj.io/v1alpha1",
      { templates: [{ name: "t", script: { ...container, source: "true" } }] },
      "spec.templates[0].script",
    ],
    [
      "an Argo set",
      "argoproj.io/v1alpha1",
      { templates: [{ containerSet: { containers: [container] } }] },
      "spec.templates[0].containerSet.containers[0]",
    ],
    ["a Tekton Task", "tekton.dev/v1", { steps: [container] }, "spec.steps[0]"],
    [
      "a Tekton Pipeline",
      "tekton.dev/v1",
      { tasks: [{ taskSpec: { steps: [container] } }] },
      "spec.tasks[0].taskSpec.steps[0]",
    ],
  ])("are found in %s, at the path where they stand", (_, apiVersion, spec, path) => {
    expect(found({ apiVersion, kind: "Job", metadata: { name: "a" }, spec })).toMatchObject({
      containers: [path],
      notJudged: [],
    });
  });

  test("have what an Argo workflow says for all its templates, and their own before it", () => {
    const templates = [{ name: "t", container, hostNetwork: false, sidecars: [container], volumes: [{ name: "own" }] }];
    const spec = { hostNetwork: true, hostPID: true, volumes: [{ name: "all" }], templates };
    const { containers, pods } = found({ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", spec });
    expect(containers).toEqual(["spec.templates[0].container", "spec.templates[0].sidecars[0]"]);
    expect([pods[0].spec.at("hostNetwork").value, pods[0].spec.at("hostPID").path]).toEqual([false, "spec.hostPID"]);
    expect(pods[0].spec.at("volumes").items.map(({ path }) => path)).toEqual([
      "spec.volumes[0]",
      "spec.templates[0].volumes[0]",
    ]);
  });

  test("are reported where a container has no pod around it that the pack knows", () => {
    const spec = { driver: { image: "spark", env: [] }, executor: { image: "spark", cores: 1 } };
    expect(found({ apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication", spec })).toMatchObject({
      containers: [],
      notJudged: ["spec.driver"],
    });
  });

  test.each([
    ["a policy about pods", { apiVersion: "kyverno.io/v1", kind: "ClusterPolicy", spec: { pattern: { spec: pod } } }],
    ["a chart's values in a foreign kind", { apiVersion: "a.b/v1", kind: "Release", spec: { image: "x", tag: "y" } }],
    ["a namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: "containers" } }],
    ["what is not known yet", { apiVersion: "a.b/v1", kind: "Rollout", spec: { template: UNKNOWN } }],
  ])("are none in %s", (_, object) => {
    expect(found(object)).toMatchObject({ containers: [], notJudged: [] });
  });
});
