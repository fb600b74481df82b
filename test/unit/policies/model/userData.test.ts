/** What a pack finds in a machine's user data: the very configuration the machine will run with. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MACHINE, objectsInUserData, unpacked } from "../../../../policies/model/userData";
import { objectsOf } from "../../../../policies/model/engineAdapter";
import { UNKNOWN } from "../../../../policies/model/field";
import { runProgram } from "../../../support/program";

const KUBELET = "apiVersion: kubelet.config.k8s.io/v1beta1\\nkind: KubeletConfiguration\\nmaxPods: 110\\n";
const TEXT = `#cloud-config\nwrite_files:\n  - path: /etc/k.yaml\n    content: "${KUBELET}"\n`;

describe("user data", () => {
  test.each([
    ["as it is", TEXT],
    ["in base64", Buffer.from(TEXT).toString("base64")],
    ["packed", gzipSync(TEXT).toString("base64")],
  ])("is read %s", (_, userData) => {
    const [object, ...more] = objectsInUserData("urn:one", { userData });
    expect([object.kind, object.id, object.root.at("maxPods").number, more.length]).toEqual([
      "KubeletConfiguration",
      "urn:one",
      110,
      0,
    ]);
    expect(object.root.path).toBe('data["/etc/k.yaml"]');
  });

  test.each([
    ["nothing", undefined],
    ["not known yet", UNKNOWN],
    ["a hidden secret", "[secret]"],
    ["a script", Buffer.from("#!/bin/sh\nkind: nothing\n").toString("base64")],
    ["cut short", gzipSync(TEXT).toString("base64").slice(0, 60)],
    ["no YAML", "#cloud-config\nwrite_files: [\nkind: x\n"],
    ["no files", "#cloud-config\nkind: x\nwrite_files: 7\n"],
    ["how to join alone", TEXT.replace("KubeletConfiguration", "JoinConfiguration")],
  ])("holds no object when it is %s", (_, userData) => {
    expect(objectsInUserData("urn:one", { userData })).toEqual([]);
  });

  test("of a cut text is no text", () => {
    expect(unpacked(gzipSync(TEXT).toString("base64").slice(0, 60))).toBe("");
  });

  test("of the lab's first control-plane machine holds the whole control plane's configuration", async () => {
    const { recording } = await runProgram("lab");
    const kinds = recording.ofType(MACHINE).map(({ name, inputs, urn }) => ({
      name,
      kinds: objectsOf({ type: MACHINE, urn, props: inputs }).map(({ kind }) => kind),
    }));
    const first = kinds.find(({ name }) => name === "control-0")?.kinds ?? [];
    expect(first).toEqual(
      expect.arrayContaining([
        "ClusterConfiguration",
        "KubeletConfiguration",
        "KubeSchedulerConfiguration",
        "Policy",
        "EncryptionConfiguration",
        "AdmissionConfiguration",
      ]),
    );
    // A worker brings nothing that a policy judges: looking would only cost time.
    expect(kinds.filter(({ name }) => name.startsWith("batch")).flatMap((machine) => machine.kinds)).toEqual([]);
  });
});
