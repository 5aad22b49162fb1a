/** This package's version, as spans tell it; a test compares it with package.json. */
export const version = "0.1.0";
