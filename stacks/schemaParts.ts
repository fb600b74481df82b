import { z } from "zod";

/** A DNS-1123 label: what Kubernetes and Nova both accept as (part of) a name. */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/,
    "lower-case letters, digits and '-', 1 to 40 characters, no '-' at an end",
  );

/** An IPv4 network in CIDR notation, written with its first address (10.64.0.0/22). */
export const cidr = z
  .string()
  .regex(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, "an IPv4 network in CIDR notation, e.g. 10.64.0.0/22");

/** One IPv4 address. */
export const ipv4 = z.string().regex(/^(\d{1,3}\.){3}\d{1,3}$/, "an IPv4 address, e.g. 10.64.0.10");

/** A whole number of at least one. */
export const count = z.int().min(1);

/** A Kubernetes label value. */
export const labelValue = z
  .string()
  .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, "a label value: letters, digits, '-', '_', '.'");

/** What Nova calls a flavor, with the sizes the plans reckon with (they are compared with nothing: keep them true). */
export const flavor = z
  .strictObject({
    name: z.string().min(1).describe("The flavor's name in Nova."),
    vcpus: count.describe("Virtual cores of the flavor."),
    ramMb: z.int().min(1024).describe("Memory of the flavor in MiB, as Nova counts it."),
    diskGb: z.int().min(10).describe("Root disk of the flavor in GB."),
  })
  .describe("Nova flavor of a machine, with the sizes the capacity checks reckon with.");

/** A node taint, as the kubelet registers it. */
export const taint = z.strictObject({
  key: z.string().min(1).describe("Taint key."),
  value: labelValue.default("").describe("Taint value."),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .describe("What happens to pods that do not tolerate it."),
});

/** What the kubelet keeps back from pods on every node of the site. */
export const reservation = z.strictObject({
  cpuMilli: z.int().min(0).describe("Processor share kept back, in thousandths of a core."),
  memoryMb: z.int().min(0).describe("Memory kept back, in MiB."),
});
