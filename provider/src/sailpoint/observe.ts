import { ContractError, NotFoundError, WrongTenantError } from "../core/errors";
import type { IdentityProfile, SailPointApi } from "./api";
import type { State } from "./model";

/**
 * Reads a profile.
 *
 * In:     state, as far as it is known; its tenant tells a profile that is gone from one that is in another tenant.
 * Out:    the profile; undefined when it is proven gone: the vendor itself says so, in the tenant the profile was made in.
 * Errors: ContractError for a 404 in other words than the vendor's, WrongTenantError, and those of the HTTP client.
 */
export async function observe(api: SailPointApi, id: string, state: Partial<State>): Promise<IdentityProfile | undefined> {
  try {
    return await api.getIdentityProfile(id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    // A wrong base URL or version also answers 404, but not in the vendor's words.
    if (!error.facts.vendorCode?.startsWith("404")) {
      throw new ContractError(
        error.what,
        "That is not how the API says that a profile is missing; check the base URL and sailpoint:apiVersion",
        error.facts,
      );
    }
    const tenant = await api.tenant();
    if (state.tenant !== undefined && tenant !== undefined && tenant !== state.tenant) {
      throw new WrongTenantError(
        `Identity profile ${id} is in tenant "${state.tenant}", but the credentials belong to "${tenant}"`,
        "Nothing was changed. Point sailpoint:tenant, sailpoint:baseUrl or the connection back to the first one",
      );
    }
    return undefined;
  }
}
