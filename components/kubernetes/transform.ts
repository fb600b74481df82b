import type * as pulumi from "@pulumi/pulumi";

/**
 * A change to the arguments of an object before it is registered: keys that replace the component's own, or a function
 * that changes arguments and options in place. The component's contract does not cover what a transform changes.
 */
export type Transform<Args extends object> =
  Partial<Args> | ((args: Args, opts: pulumi.CustomResourceOptions, name: string) => void);

/**
 * Name, arguments and options of an object, with its transform applied, for the constructor of its resource.
 * @param transform what the component's user wants changed; default: nothing
 */
export function transformed<Args extends object>(
  transform: Transform<Args> | undefined,
  name: string,
  args: Args,
  opts: pulumi.CustomResourceOptions,
): [string, Args, pulumi.CustomResourceOptions] {
  if (typeof transform === "function") {
    const changedArgs = { ...args };
    const changedOpts = { ...opts };
    transform(changedArgs, changedOpts, name);
    return [name, changedArgs, changedOpts];
  }
  return [name, { ...args, ...transform }, opts];
}
