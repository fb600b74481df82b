import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Cloud } from "../../stacks/site/site";

/**
 * Glance id of an image given by id or by name. A name is looked up on every run, but only a machine that is being made
 * takes the answer: running ones ignore it.
 */
export function imageId(image: Cloud["image"], opts: pulumi.InvokeOptions): pulumi.Output<string> {
  if ("id" in image) {
    return pulumi.output(image.id);
  }
  return openstack.images.getImageOutput({ name: image.name, mostRecent: true }, opts).id;
}
