/**
 * Kinds of value that the sections of a site are made of. Each has a `title` (what is expected, as a phrase for error
 * messages and the key table) and an example (what to write), so that every message can say both.
 */
import { z } from "zod";
import { addressNumber, canonicalCidr } from "../ipv4";
import { isPublicRegistry, isRegistryPath, parseImage } from "../../../components/kubernetes/imageReference";

/** Text of one kind: the pattern it must match, what that is called, and an example that matches. */
export function text(title: string, pattern: RegExp, example: string) {
  return z
    .string()
    .regex(pattern, title)
    .meta({ title, examples: [example] });
}

/** No blank, no control character and no sign of a wrong encoding. */
const SOLID = "[^\\s\\u0000-\\u001f\\u007f-\\u009f\\ufffd]";

/** A name somebody else's service has given, where blanks may be inside but not around it: of flavors, images, networks. */
export function foreignName(title: string, example: string) {
  const inside = "[^\\u0000-\\u001f\\u007f-\\u009f\\ufffd]";
  return text(title, new RegExp(`^${SOLID}(${inside}{0,253}${SOLID})?$`), example);
}

/** A name of one word: of regions and zones. */
export function word(title: string, example: string) {
  return text(title, new RegExp(`^${SOLID}{1,255}$`), example);
}

/** An id of OpenStack. */
export function uuid(title: string, example: string) {
  return text(`${title}: a UUID in small letters`, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, example);
}

/** Name of an object of Kubernetes that is somebody else's: a DNS subdomain. */
export function objectName(title: string, example: string) {
  const part = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  return text(`${title}: small letters, digits, '-' and '.'`, new RegExp(`^${part}(\\.${part}){0,3}$`), example);
}

/**
 * A list that is meant as a set: the same item twice would become the same rule or object twice, which Neutron and Kubernetes
 * refuse without a word of the site file.
 * @param key what makes two items the same; default: the whole item
 */
export function setOf<T extends z.ZodType>(item: T, key: (item: z.output<T>) => unknown = (whole) => whole) {
  return z.array(item).superRefine((items, context) => {
    const keys = items.map((one) => JSON.stringify(key(one)));
    keys.forEach((one, i) => {
      const first = keys.indexOf(one);
      if (first !== i) {
        const params = { fix: "remove it" };
        context.addIssue({ code: "custom", path: [i], message: `no item twice; item ${first} is the same`, params });
      }
    });
  });
}

/** A DNS-1123 label: what Kubernetes and Nova both accept as (part of) a name. */
export const dnsLabel = text(
  "1 to 40 lower-case letters, digits and '-', no '-' at an end",
  /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/,
  "batch",
);

/** An IPv4 network in CIDR notation, written with its first address (10.64.0.0/22). */
export const cidr = text(
  "an IPv4 network in CIDR notation",
  /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/,
  "10.64.0.0/22",
).superRefine((value, context) => {
  const proper = canonicalCidr(value);
  if (proper === undefined) {
    context.addIssue({ code: "custom", message: "an IPv4 network in CIDR notation" });
  } else if (proper !== value) {
    const params = { fix: `write ${proper}` };
    context.addIssue({ code: "custom", message: "an IPv4 network written with its first address", params });
  }
});

/** One IPv4 address. */
export const ipv4 = text("an IPv4 address", /^(\d{1,3}\.){3}\d{1,3}$/, "10.64.0.10").refine(
  (value) => addressNumber(value) !== undefined,
  { error: "an IPv4 address" },
);

/** A whole number of at least one. */
export const count = z.int().min(1);

/** A Kubernetes label value. */
export const labelValue = text(
  "a label value of at most 63 letters, digits, '-', '_' and '.'",
  /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
  "x86-64-v3",
);

/** A Kubernetes label or taint key: a name, with a domain and '/' before it if it has one. */
export const labelKey = text(
  "a label key: at most 63 letters, digits, '-', '_' and '.', a domain and '/' before it if wanted",
  /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
  "site.example/rack",
);

/** What Nova calls a flavor, with the sizes the plans reckon with (they are compared with nothing: keep them true). */
export const flavor = z
  .strictObject({
    name: foreignName("a flavor's name in Nova", "m1.batch").describe("The flavor's name in Nova."),
    vcpus: count.meta({ examples: [8] }).describe("Virtual cores of the flavor."),
    ramMb: z
      .int()
      .min(1024)
      .meta({ examples: [16384], unit: "MiB" })
      .describe("Memory of the flavor as Nova counts it."),
    diskGb: z
      .int()
      .min(10)
      .meta({ examples: [80], unit: "GB" })
      .describe("Root disk of the flavor."),
  })
  .describe("Nova flavor of a machine, with the sizes the capacity checks reckon with.");

/** A node taint, as the kubelet registers it. */
export const taint = z
  .strictObject({
    key: labelKey.describe("Taint key."),
    value: labelValue.default("").describe("Taint value."),
    effect: z
      .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      .describe("What happens to pods that do not tolerate it."),
  })
  .describe("Taint the nodes register with.");

/** What the kubelet keeps back from pods on every node of the site. */
export const reservation = z.strictObject({
  cpuMilli: z.int().min(0).meta({ unit: "millicores" }).describe("Processor share reserved."),
  memoryMb: z.int().min(0).meta({ unit: "MiB" }).describe("Memory reserved."),
});

/** Reference of a container image that names registry, path and a tag or digest. */
export const imageReference = text(
  "an image reference with registry, path and a tag or digest, e.g. registry.example/atlas/grid-el9:20261001",
  /^[^\s/]+\/\S+$/,
  "registry.example/atlas/grid-el9:20261001",
).refine((value) => parseImage(value) !== undefined, {
  error: "an image reference with registry, path and a tag or digest, e.g. registry.example/atlas/grid-el9:20261001",
});

const FOLDER = "a registry of one's own, or a registry and a path in it";

/** A registry that images may come from; of one where anybody publishes a path in it. */
export const imageFolder = text(
  FOLDER,
  /^[a-z0-9][a-z0-9.:-]*(\/[a-z0-9._/-]+)?$/,
  "registry.example/atlas",
).superRefine((value, context) => {
  if (!isRegistryPath(value)) {
    context.addIssue({ code: "custom", message: FOLDER });
  } else if (isPublicRegistry(value)) {
    const params = { fix: `name your folder in it, e.g. ${value}/your-site` };
    context.addIssue({ code: "custom", message: "a path in it, since anybody may publish there", params });
  }
});
