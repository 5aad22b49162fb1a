#!/usr/bin/env node
// Checked in, so that the command can be linked before the package has been built.
import "../dist/main.js";
