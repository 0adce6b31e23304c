//! The realtime wire: frames, messages, serials, errors, capabilities and their codecs. Pure: no I/O, no clock, no randomness.
