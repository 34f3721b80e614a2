import { ConfigError } from "../core/errors";
import { UUID } from "./vendor";

/** Where a user is. */
export interface UserId {
  environmentId: string;
  userId: string;
}

/** `<environmentId>/<userId>`, as the vendor's Terraform provider imports users. */
export function formatId({ environmentId, userId }: UserId): string {
  return `${environmentId}/${userId}`;
}

/** Errors: ConfigError for anything else than two UUIDs with a slash between. */
export function parseId(id: string): UserId {
  // The vendor answers ids in lower case.
  const [environmentId = "", userId = "", ...rest] = id.toLowerCase().split("/");
  if (rest.length === 0 && UUID.test(environmentId) && UUID.test(userId)) return { environmentId, userId };
  throw new ConfigError(`"${id}" is not the id of a PingOne user`, "Write <environmentId>/<userId>, two UUIDs with a slash between");
}
