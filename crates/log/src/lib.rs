//! The log seam: an ordered, durable, partitioned sequence of entries; its laws and the in-memory oracle.
