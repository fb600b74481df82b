import { violation, type ResourcePolicy } from "../model/policy";
import { isGiven, TYPES } from "./openstack";

/** A machine boots from the image that was looked at, not from whatever has its name today. */
export const imagePinned: ResourcePolicy = {
  kind: "resource",
  name: "image-pinned",
  title: "Machines boot from an image by its id; images are taken over by their checksum",
  why: "Names of images are free: whoever may make images in the project, or share one with it, could have his own booted as the control plane.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "atlas-site", version: "1", control: "image by id, or by name resolved once" }],
  remediation: "Give imageId, or a block device with the image's uuid; for an image from a URL set verifyChecksum.",
  types: [TYPES.machine, TYPES.image],
  check: ({ type, props }) => {
    if (type === TYPES.image) {
      const unchecked = props.at("imageSourceUrl").present && !props.at("verifyChecksum").is(true);
      return unchecked ? [violation(props.at("verifyChecksum"), "the download is not checked")] : [];
    }
    const byDevice = props.at("blockDevices").items.some((device) => isGiven(device.at("uuid")));
    return isGiven(props.at("imageId")) || byDevice
      ? []
      : [violation(props.at("imageId"), `the image is given as the name "${props.at("imageName").text ?? ""}"`)];
  },
};
