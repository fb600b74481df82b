/** What a queue's pods may reach: laws that hold for every site, and the policies of one. */
import { known } from "../../support/componentArgs";
import { Address4 } from "ip-address";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closedNetworks, queuePolicies } from "../../../components/security/queuePolicies";
import { allowApi, denyAll, type PolicyPeer } from "../../../components/kubernetes/networkPolicy";
import { contains, overlaps } from "../../../components/security/ranges";
import type { Site } from "../../../stacks/site/site";
import { site } from "../../support/sites";

/** Where the cloud hands a machine its own user data. */
const METADATA_ADDRESS = "169.254.169.254";

type Block = Extract<PolicyPeer, { ipBlock: object }>["ipBlock"];

/** Each run looks at some thirty networks in every pair. */
const RUNS = { numRuns: 40 };

function rules(of: Site) {
  return queuePolicies(known(of)).flatMap(({ spec }) => spec.egress ?? []);
}

/** Every network some rule opens, with what it leaves out. */
function blocks(of: Site): Block[] {
  return rules(of).flatMap(({ to }) => to.flatMap((peer) => ("ipBlock" in peer ? [peer.ipBlock] : [])));
}

function reaches(of: Site, address: string): boolean {
  return blocks(of).some(
    ({ cidr, except = [] }) => contains(cidr, address) && !except.some((hole) => contains(hole, address)),
  );
}

/** IPv4 networks of any size, written by their first address. */
const network = fc
  .tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 4, max: 32 }))
  .map(([number, bits]) => {
    const address = Address4.fromBigInt(BigInt(number)).correctForm();
    return `${new Address4(`${address}/${bits}`).startAddress().correctForm()}/${bits}`;
  });

/** The small site, with any networks that pilots may reach and may not. */
const anySite = fc
  .record({
    pilotCidrs: fc.array(network, { maxLength: 4 }),
    closedCidrs: fc.array(network, { maxLength: 4 }),
    inPod: fc.boolean(),
  })
  .map(({ pilotCidrs, closedCidrs, inPod }) => {
    const small = site("small");
    const around = inPod ? ["10.0.0.0/8", "10.244.0.0/17", "169.254.0.0/15"] : [];
    return { ...small, security: { ...small.security, pilotCidrs: [...pilotCidrs, ...around], closedCidrs } };
  });

/** An address of a network, its first and last more often than others. */
function addressIn(cidr: string): fc.Arbitrary<string> {
  const [first, last] = [new Address4(cidr).startAddress(), new Address4(cidr).endAddress()].map((one) => one.bigInt());
  return fc
    .oneof(fc.constant(first), fc.constant(last), fc.bigInt({ min: first, max: last }))
    .map((number) => Address4.fromBigInt(number).correctForm());
}

describe("whatever networks a site names", () => {
  test("no rule reaches the metadata service, a machine, a pod, a service, or what the site closes", () => {
    const closed = anySite.chain((of) =>
      fc.tuple(fc.constant(of), fc.oneof(...closedNetworks(known(of)).map(addressIn), fc.constant(METADATA_ADDRESS))),
    );
    fc.assert(
      fc.property(closed, ([of, address]) => !reaches(of, address)),
      RUNS,
    );
  });

  test("the control plane is out of reach, and so is the API's service", () => {
    fc.assert(
      fc.property(anySite, (of) => {
        expect([reaches(of, "10.64.0.2"), reaches(of, "10.64.0.17"), reaches(of, "10.96.0.1")]).toEqual([
          false,
          false,
          false,
        ]);
      }),
      RUNS,
    );
  });

  test("every exception lies strictly inside its network, as the API demands, and is said once", () => {
    fc.assert(
      fc.property(anySite, (of) => {
        for (const { cidr, except = [] } of blocks(of)) {
          expect(except.filter((hole) => !contains(cidr, hole) || hole === cidr)).toEqual([]);
          expect(except.filter((one, i) => except.some((other, j) => i !== j && overlaps(one, other)))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  test("a public address is reached, unless the site closes it", () => {
    const small = site("small");
    expect([reaches(small, "188.184.1.1"), reaches(small, "192.168.1.1")]).toEqual([true, false]);
    const closing = { ...small, security: { ...small.security, closedCidrs: ["188.184.0.0/15"] } };
    expect(reaches(closing, "188.184.1.1")).toBe(false);
  });

  test("a private network that the site names is reached, but for its own machines in it", () => {
    const small = site("small");
    const named = { ...small, security: { ...small.security, pilotCidrs: ["10.64.0.0/16"] } };
    expect([reaches(named, "10.64.200.1"), reaches(named, "10.64.1.7")]).toEqual([true, false]);
  });
});

describe("a queue's policies", () => {
  test("begin with nothing in and nothing out, and open no way in", () => {
    const [first, ...others] = queuePolicies(known(site("small")));
    expect(first).toMatchObject({ name: "default-deny", spec: denyAll() });
    expect(others.filter(({ spec }) => spec.ingress !== undefined || spec.policyTypes.includes("Ingress"))).toEqual([]);
  });

  test("open addresses at the site's pilot ports only, and pods only of name service and squid", () => {
    const cvmfs = { mode: "host", squid: {}, repositories: [] } as unknown as Site["cvmfs"];
    const all = rules({ ...site("small"), cvmfs });
    const { tcp, udp } = site("small").security.pilotPorts;
    const ports = [...tcp.map((port) => ["TCP", port]), ...udp.map((port) => ["UDP", port])];
    const pods: unknown[] = [];
    for (const { to, ports: open = [] } of all) {
      const numbers = open.map(({ protocol, port }) => [protocol, port]);
      to.forEach((peer) => ("ipBlock" in peer ? expect(numbers).toEqual(ports) : pods.push([peer, numbers])));
    }
    const namespace = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
    expect(pods).toEqual([
      [
        { namespaceSelector: namespace("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
        [
          ["UDP", 53],
          ["TCP", 53],
        ],
      ],
      [{ namespaceSelector: namespace("atlas-site-squid") }, [["TCP", 3128]]],
    ]);
  });

  test("of a site without squids name none", () => {
    expect(queuePolicies(known(site("small"))).map(({ name }) => name)).toEqual([
      "default-deny",
      "allow-dns",
      "allow-pilots",
    ]);
  });
});

test("services find the API at the control plane's blocks, or anywhere in a cluster that is not the site's", () => {
  expect(allowApi(known(site("small"))).to).toEqual([
    { ipBlock: { cidr: "10.64.0.16/28" } },
    { ipBlock: { cidr: "10.96.0.0/16" } },
  ]);
  expect(allowApi(known(site("existing"))).to).toEqual([{ ipBlock: { cidr: "0.0.0.0/0" } }]);
});
