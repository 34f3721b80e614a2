import type * as pulumi from "@pulumi/pulumi";
import { call, callOutput, type OutputArgs } from "../core/call";
import type { ConnectionArgs } from "../core/operation";

/** A person of MyID; only what tells people apart, and what they are linked by. */
export interface MyIdPerson {
  /** The vendor's id, a GUID. */
  id: string;
  logonName?: string;
  employeeId?: string;
  name?: { first?: string; last?: string; fullName?: string };
  email?: string;
  enabled?: boolean;
  /** By slot; the one that the server's option External Entra Reference names holds the Entra object id. Not there where the server shows none. */
  externalReferences?: { id1?: string; id2?: string; id3?: string };
}

/** Arguments of `findMyIdPeople`: exactly one besides the connection. */
export interface FindMyIdPeopleArgs extends ConnectionArgs {
  /** Logon name. Here and below a `*` stands for any text, and everything else is compared exactly, without regard to case. */
  logonName?: string;
  /** Employee id. */
  employeeId?: string;
  /** Last name, such as `Smi*`. */
  name?: { last: string };
  /** Words that the server looks for wherever it chooses to; what it finds is not compared. */
  q?: string;
}

/** What `findMyIdPeople` found. */
export interface FindMyIdPeopleResult {
  /** Everybody who fits, of the people in the scope of the client's role. */
  people: MyIdPerson[];
}

/**
 * Finds people of MyID, and reads each of them.
 *
 * The vendor searches by parameters of the address, so what is looked for can be in the logs of its web server.
 *
 * Errors: InputError, ConfigError, and those of the vendor; IDP_GUARD for a search that finds more than 100 people.
 * Source: MyID Core API guide, People.
 * Command: myid find
 */
export function findMyIdPeople(args: FindMyIdPeopleArgs): Promise<FindMyIdPeopleResult> {
  return call("myid:findPeople", args);
}

/** The same for arguments that are outputs. */
export function findMyIdPeopleOutput(args: OutputArgs<FindMyIdPeopleArgs>): pulumi.Output<FindMyIdPeopleResult> {
  return callOutput("myid:findPeople", args);
}
