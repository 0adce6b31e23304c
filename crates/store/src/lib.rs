//! The store seam: projections of the log, apps and keys; its laws and the in-memory oracle.
