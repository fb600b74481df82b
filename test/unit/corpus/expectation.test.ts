/** What the places of others' files say about them: good or bad, and which policies they are about. */
import { describe, expect, test } from "vitest";
import { allPolicies } from "../../../policies/all";
import { expectationOf, expectationOfName, policiesNamedIn } from "../../corpus/expectation";
import { notComparable, sameAs } from "../../corpus/othersNames";

describe("what a path says", () => {
  test.each([
    ["disallow-host-path/.chainsaw-test/pod-good.yaml", "good"],
    ["x/podcontroller-bad02.yaml", "bad"],
    ["baseline/v1.36/fail/hostports0.yaml", "bad"],
    ["checks/runAsPrivileged/success.pod.yaml", "good"],
    ["samples/example_disallowed_both.yaml", "bad"],
    ["allowed/not-allowed.yaml", "bad"],
    ["good/bad.yaml", "bad"],
    ["goodness/badger.yaml", undefined],
    ["chainsaw-test.yaml", undefined],
    // The first word of a name wins, then the last: the words between may be about something else.
    ["bad-pod-latest-success-first.yaml", "bad"],
    ["failure.seccomp_profile_pod_valid.yaml", "bad"],
    ["pod-with-bad-name-passes.yaml", "good"],
    // Capitals begin words in a file's name, but not in a folder's: that is the name of a check.
    ["podFailure.json", "bad"],
    ["privilegeEscalationAllowed/mutated.yaml", undefined],
    ["non-compliant/a.yml", "bad"],
    ["example_Secrets/pod-secretVolume-PASSED2.yaml", "good"],
    ["violations/a.yaml", "bad"],
    // The names of checks begin with such words.
    ["forbidden-sysctls/any.yaml", undefined],
    ["allowed-repos/samples/a.yaml", undefined],
    ["forbidden-sysctls/good.yaml", "good"],
    ["disallowed-tags.yaml", undefined],
    ["forbidden/a.yaml", "bad"],
    // Of a file that counts both, only its objects can say something.
    ["example_DockerSocketVolume/scope-2PASSED-1FAILED.yaml", undefined],
  ])("%s is %s", (path, expected) => {
    expect(expectationOf(path)).toBe(expected);
  });
});

test.each([
  ["goodpod01", "good"],
  ["addcap-badpod02-new", "bad"],
  ["bad-cronjob", "bad"],
  ["dont-fire", "good"],
  ["fire-password-key", "bad"],
  ["nginx-seccomp-disallowed2", "bad"],
  ["badger", undefined],
  ["goods-service", undefined],
  ["web", undefined],
])("an object named %s is said to be %s", (name, expected) => {
  expect(expectationOfName(name)).toBe(expected);
});

describe("policies are named in a path", () => {
  const named = (path: string) =>
    policiesNamedIn(path, allPolicies)
      .map(({ name }) => name)
      .sort();

  test("by their own name, or by that of a control they stand for", () => {
    expect(named("pod-security/disallow-privileged-containers/pod-bad.yaml")).toEqual(["no-privileged"]);
    expect(named("no-host-ports/good.yaml")).toEqual(["no-host-ports"]);
    expect(named("baseline/v1.36/fail/hostports2.yaml")).toEqual(["no-host-ports"]);
    expect(named("somewhere/else.yaml")).toEqual([]);
  });

  test("by the number of a control, which is no counter", () => {
    expect(named("C-0017/pod.json")).toEqual(["read-only-root"]);
  });

  test("by others' names, several policies where together they demand the same", () => {
    expect(named("test/checks/hostPIDSet/failure.yaml")).toEqual(["no-host-namespaces"]);
    expect(named("rules/rule-credentials-in-env-var/test/pod/input")).toEqual([
      "no-credentials-in-env",
      "no-secrets-in-env",
    ]);
  });
});

test("others' names lead to policies there are, and none is comparable and not", () => {
  const policies = new Set(allPolicies.map(({ name }) => name));
  expect(Object.values(sameAs).flatMap((names) => names.filter((name) => !policies.has(name)))).toEqual([]);
  expect(Object.keys(notComparable).filter((name) => name in sameAs)).toEqual([]);
});
