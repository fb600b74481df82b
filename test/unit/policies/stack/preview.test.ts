/** Reading what `pulumi preview --json` writes. */
import { describe, expect, test } from "vitest";
import { resourcesOf } from "../../../../policies/commands/preview";

const urn = (type: string, name: string) => `urn:pulumi:s::p::${type}::${name}`;

function step(op: string, type: string, name: string, state: object): object {
  const all = { urn: urn(type, name), type, ...state };
  return { op, urn: urn(type, name), ...(op === "delete" ? { oldState: all } : { newState: all }) };
}

const preview = (...steps: object[]) => JSON.stringify({ config: {}, steps, changeSummary: {} });

describe("a preview", () => {
  test("tells each resource once, by what ends it", () => {
    const resources = resourcesOf(
      preview(
        step("create-replacement", "a:b:C", "one", { inputs: { x: 1 } }),
        step("replace", "a:b:C", "one", { inputs: { x: 1 } }),
        step("same", "a:b:C", "two", {}),
        step("delete", "a:b:C", "three", { protect: true }),
      ),
    );
    expect(resources.map(({ name, operation, protect }) => [name, operation, protect])).toEqual([
      ["one", "create-replacement", false],
      ["two", "same", false],
      ["three", "delete", true],
    ]);
  });

  test("tells which inputs are secret", () => {
    const [resource] = resourcesOf(
      preview(step("create", "a:b:C", "one", { inputs: { userData: "[secret]", name: "n" } })),
    );
    expect(resource.secrets).toEqual(["userData"]);
  });

  test("tells the stack's outputs as the last update left them", () => {
    const type = "pulumi:pulumi:Stack";
    const outputs = { kubeconfig: "[secret]", url: "u" };
    const [stack] = resourcesOf(
      preview({ op: "same", urn: urn(type, "s"), oldState: { type, outputs }, newState: { type } }),
    );
    expect([stack.secrets, stack.props.at("url").text]).toEqual([["kubeconfig"], "u"]);
  });

  test.each([
    ["no JSON", "previewing…"],
    ["no preview", "{}"],
    ["nothing in it", preview()],
  ])("that is %s is refused", (_, text) => {
    expect(() => resourcesOf(text)).toThrow("pulumi preview --json");
  });
});
