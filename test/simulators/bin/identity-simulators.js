#!/usr/bin/env node
// A committed file, because npm links a workspace's bin at install time, before anything is compiled.
import "../dist/cli.js";
