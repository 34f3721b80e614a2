import { spawn } from "node:child_process";
import { constants } from "node:os";
import { basename } from "node:path";

/**
 * Runs a command and returns what it prints. Rejects with the last lines of its complaint when it does not end well.
 *
 * @param {string} command @param {string[]} args @param {import("node:child_process").SpawnOptions} [options] @returns {Promise<string>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let complaint = "";
    child.stdout?.on("data", (data) => {
      output += data;
    });
    child.stderr?.on("data", (data) => {
      complaint += data;
    });
    child.on("error", (error) => reject(new Error(`${command} does not run (${error.message})`)));
    child.on("close", (exitCode, signal) => {
      if (exitCode === 0) return resolve(output);
      const last = complaint.trim().split("\n").slice(-3).join(" | ");
      reject(new Error(`${basename(command)} ${args[0]} failed (${signal ?? `exit code ${exitCode}`})${last && `: ${last}`}`));
    });
  });
}

/** Signals closer together than this are one: the terminal and npm both pass on a single Ctrl-C. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs a command in place of this process: same terminal, and every signal is handed on exactly once to it and to whatever it started. Waits
 * for its end, however long it takes to tidy up. Returns its exit code, 128 + the signal's number when a signal ended it.
 *
 * The command gets a process group of its own, because in a shared one Ctrl-C would arrive once from the terminal and once from here, and the
 * Pulumi engine takes a second Ctrl-C as "drop everything".
 *
 * @param {string} command @param {string[]} args @param {Record<string, string | undefined>} env @returns {Promise<number>}
 */
export function replaceBy(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: "inherit", detached: true });
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      let last = Number.NEGATIVE_INFINITY;
      process.on(signal, () => {
        const now = performance.now();
        if (now - last < SAME_SIGNAL_MS || child.pid === undefined) return;
        last = now;
        try {
          process.kill(-child.pid, signal);
        } catch {
          // The group has ended by itself; its exit follows.
        }
      });
    }
    child.on("error", reject);
    child.on("exit", (exitCode, signal) => resolve(exitCode ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
