/** The house's rules, read from the sources. Each expectation lists the offenders. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { components, imports, nodes, place, sources, type Source } from "../../support/sources";
import { ROOT } from "../../support/sites";

/** From the ground up: a layer may import what stands before it. */
const LAYERS = [
  ...["kubernetes", "cloud", "cluster", "network", "storage", "security", "cvmfs"],
  ...["monitoring", "traceability", "harvester", "accounting", "features"],
];
const MOST_LINES = 250;

const program = sources("components", "stacks/site", "index.ts", "versions.ts");
const layered = program.filter(({ path }) => path.startsWith("components/"));

/** What runs when Pulumi runs the program: index.ts and all it imports, by and by. */
function reached(): Source[] {
  const byName = new Map(program.map((source) => [source.path.replace(/\.ts$/, ""), source]));
  const found = new Set<Source>();
  const visit = (name: string) => {
    const source = byName.get(name);
    if (source !== undefined && !found.has(source)) {
      found.add(source);
      imports(source).forEach(({ from }) => visit(from));
    }
  };
  visit("index");
  return [...found];
}

function layerOf(path: string): string | undefined {
  return /^components\/([^/]+)\//.exec(path)?.[1];
}

describe("rooms", () => {
  test(`no file has more than ${MOST_LINES} lines`, () => {
    const all = [...program, ...sources("test", "docs", "policies")];
    const long = all.filter(({ text }) => text.split("\n").length - 1 > MOST_LINES);
    expect(long.map(({ path, text }) => `${path}: ${text.split("\n").length - 1}`)).toEqual([]);
  });

  test("every folder under components is a layer", () => {
    const folders = new Set(layered.map(({ path }) => layerOf(path)));
    expect([...folders].filter((folder) => folder === undefined || !LAYERS.includes(folder))).toEqual([]);
  });
});

describe("imports", () => {
  test("run down the layers, never up", () => {
    const up = layered.flatMap((source) =>
      imports(source)
        .filter(({ from }) => {
          const to = layerOf(`${from}/`);
          return to !== undefined && LAYERS.indexOf(to) > LAYERS.indexOf(layerOf(source.path) ?? "");
        })
        .map(({ from, node }) => `${place(source, node)} imports ${from}`),
    );
    expect(up).toEqual([]);
  });

  test("of layers go to layers, the site's types, versions and packages only; builders of dashboards have their own", () => {
    const allowed =
      /^(components\/|stacks\/site\/site$|versions$|@pulumi\/|@peculiar\/|node:|yaml$|ip-address$|reflect-metadata$)/;
    const builder = /^components\/monitoring\/dashboards\//;
    const strange = layered.flatMap((source) =>
      imports(source)
        .filter(({ from }) => !allowed.test(from))
        .filter(({ from }) => !(builder.test(source.path) && from.startsWith("@grafana/grafana-foundation-sdk/")))
        .map(({ from, node }) => `${place(source, node)} imports ${from}`),
    );
    expect(strange).toEqual([]);
  });

  test("of the program bring in no package that is for development only: dashboards come as files", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { dependencies: object };
    const packageOf = (from: string) => from.split("/", from.startsWith("@") ? 2 : 1).join("/");
    const strange = reached().flatMap((source) =>
      imports(source)
        .filter(({ from }) => !/^(node:|components\/|stacks\/|policies\/|versions$|index$)/.test(from))
        .filter(({ from }) => !Object.hasOwn(dependencies, packageOf(from)))
        .map(({ from, node }) => `${place(source, node)} imports ${from}`),
    );
    expect(strange).toEqual([]);
  });

  test("of stacks go to nothing but plans and names: pure functions and constants of the layers", () => {
    const pure =
      /^components\/(cloud\/(plan|addresses|firewall)|kubernetes\/(resources|ports|imageReference)|(cluster|harvester)\/capacity|harvester\/handover|features\/features|security\/limits|cluster\/capabilities|cluster\/magnum\/(labels|plan|identity|clusterState)|\w+\/names)$/;
    const impure = sources("stacks/site").flatMap((source) =>
      imports(source)
        .filter(({ from }) => from.startsWith("components/") && !pure.test(from))
        .map(({ from, node }) => `${place(source, node)} imports ${from}`),
    );
    expect(impure).toEqual([]);
  });

  test("of the policy pack stay in the pack: it judges the program, so it may not share its mistakes", () => {
    const allowed = /^(policies\/|@pulumi\/policy$|node:|js-yaml$|yaml$|zod$)/;
    // What a stack file means is defined once, by its schema; that reader alone may ask it.
    const reader = { file: "policies/config/siteFacts.ts", schema: "stacks/site/site" };
    const strange = sources("policies").flatMap((source) =>
      imports(source)
        .filter(({ from }) => !allowed.test(from) && !(source.path === reader.file && from === reader.schema))
        .map(({ from, node }) => `${place(source, node)} imports ${from}`),
    );
    expect(strange).toEqual([]);
  });

  test("of the policies themselves know no engine and no file: a policy is a pure predicate", () => {
    const groups = sources("policies").filter(
      ({ path }) => !/^policies\/(commands|config|model|output|schemas)\//.test(path),
    );
    const impure = groups.flatMap((source) =>
      imports(source)
        .filter(({ from }) => /^(@pulumi\/|node:)/.test(from) && source.path !== "policies/index.ts")
        .map(({ from, node }) => `${place(source, node)} imports ${from}`),
    );
    expect(groups.length).toBeGreaterThan(100);
    expect(impure).toEqual([]);
  });

  test("make no circle", () => {
    const all = [...program, ...sources("policies", "docs")];
    const graph = new Map(
      all.map((source) => [source.path.replace(/\.ts$/, ""), imports(source).map(({ from }) => from)]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, above: string[]) => {
      if (above.includes(file)) {
        circles.push([...above.slice(above.indexOf(file)), file].join(" → "));
      } else if (!done.has(file)) {
        (graph.get(file) ?? []).forEach((next) => walk(next, [...above, file]));
        done.add(file);
      }
    };
    [...graph.keys()].forEach((file) => walk(file, []));
    expect(circles).toEqual([]);
  });

  test("of plans know no Pulumi", () => {
    const plans =
      /(\/plan|\/addresses|\/firewall|\/contribution|\/openings|\/features|\/probe\w+|\/squid\w+|\/capacity|\/kubeconfig|\/pki|\/rights|\/kubeadm\/(?!secretUserData)\w+)\.ts$/;
    const found = layered.filter(({ path }) => plans.test(path));
    expect(found.length).toBeGreaterThan(8);
    const impure = found.filter((source) => imports(source).some(({ from }) => from.startsWith("@pulumi/")));
    expect(impure.map(({ path }) => path)).toEqual([]);
  });
});

/** Places where an expression of this text stands. */
function uses(source: Source, pattern: RegExp): string[] {
  return nodes(source.tree)
    .filter((node) => ts.isPropertyAccessExpression(node) && pattern.test(node.getText()))
    .map((node) => place(source, node));
}

describe("the outside", () => {
  test("configuration and stack name are read in stacks/site/currentSite.ts alone", () => {
    const readers = reached().filter(
      (source) => uses(source, /^pulumi\.(Config|getStack|getProject|StackReference)$/).length > 0,
    );
    expect(readers.map(({ path }) => path)).toEqual(["stacks/site/currentSite.ts"]);
  });

  test("the environment is read in stacks/site/currentSite.ts alone, where the provider's credentials are found", () => {
    expect(reached().length).toBeGreaterThan(40);
    const readers = reached().filter((source) => uses(source, /^process\.(env|argv|cwd)$/).length > 0);
    expect(readers.map(({ path }) => path)).toEqual(["stacks/site/currentSite.ts"]);
  });

  test("no layer runs a program, opens a connection or a file, but for the wait for the API, questions to Magnum, the reader of programs, the probe's folder and the dashboards' files", () => {
    const busy = layered.flatMap((source) =>
      imports(source)
        .filter(({ from }) => /^node:(child_process|fs|net|http|https|tls|dgram)/.test(from))
        .map(({ from }) => `${source.path} imports ${from}`),
    );
    expect(busy).toEqual([
      "components/cluster/apiReady.ts imports node:https",
      "components/cluster/magnum/http.ts imports node:fs",
      "components/cluster/magnum/http.ts imports node:http",
      "components/cluster/magnum/http.ts imports node:https",
      "components/cvmfs/probeProgram.ts imports node:fs",
      "components/kubernetes/programFile.ts imports node:fs",
      "components/monitoring/dashboardFiles.ts imports node:fs",
    ]);
  });
});

describe("components", () => {
  const files = layered.filter((source) => components(source).length > 0);

  test("stand alone in a file of their name, with a type token of layer and name", () => {
    expect(files.length).toBeGreaterThan(10);
    for (const source of files) {
      const [component, ...more] = components(source);
      expect([source.path, more.length]).toEqual([source.path, 0]);
      const name = component.name?.text ?? "";
      expect(source.path).toBe(`${source.path.split("/").slice(0, -1).join("/")}/${name}.ts`);
      expect(component.getText()).toContain(`super("atlas-site:${layerOf(source.path)}:${name}", name, {}, opts)`);
    }
  });

  test("say what they are and what every one of their arguments means", () => {
    const silent = files.flatMap((source) =>
      [
        ...components(source),
        ...nodes(source.tree).filter((node) => ts.isInterfaceDeclaration(node) && node.name.text.endsWith("Args")),
        ...nodes(source.tree).filter(
          (node) =>
            ts.isPropertySignature(node) &&
            ts.isInterfaceDeclaration(node.parent) &&
            node.parent.name.text.endsWith("Args"),
        ),
      ]
        .filter((node) => ts.getJSDocCommentsAndTags(node).length === 0)
        .map((node) => place(source, node)),
    );
    expect(silent).toEqual([]);
  });

  test("register their outputs, as the last thing a constructor does", () => {
    const open = files.filter((source) => {
      const [component] = components(source);
      const constructor = component.members.find(ts.isConstructorDeclaration);
      return !constructor?.body?.statements.at(-1)?.getText().startsWith("this.registerOutputs(");
    });
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  test("make no resource inside an apply, where a preview would not see it", () => {
    const hidden = program.flatMap((source) =>
      nodes(source.tree)
        .filter((node) => ts.isCallExpression(node) && /\.apply$/.test(node.expression.getText()))
        .flatMap((node) => (node as ts.CallExpression).arguments.flatMap(nodes))
        .filter(
          (node) => ts.isNewExpression(node) && /^(k8s|openstack|pulumi|command)\./.test(node.expression.getText()),
        )
        .map((node) => place(source, node)),
    );
    expect(hidden).toEqual([]);
  });
});
