//! The idempotency window, shared by the engines that keep it in memory.
