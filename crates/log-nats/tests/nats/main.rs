//! The engine over real servers: the laws, faults under load, and what opening checks.

mod followers;
mod heavy_faults;
mod laws;
mod nodes;
mod opening;
mod support;
