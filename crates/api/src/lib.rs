//! The HTTP of the chat product: `/api/v1`, its OpenAPI document, and the web app.
//!
//! * [`http`]: what is the same for every route. [`problem`]: what a refusal looks like.
//! * `routes`: the resources, a file per noun. [`openapi`]: what they say of themselves.
//! * `web`: the app's files and its page.
//!
//! Handlers read, call one service of `loquat_chat` and answer: nobody here decides who may do what.

pub mod http;
pub mod numbers;
pub mod openapi;
pub mod problem;
mod routes;
pub mod site;
pub mod state;
mod web;

pub use numbers::{Numbers, NumbersSource};
pub use problem::Problem;
pub use site::{Site, is_known, refuse, router, site};
pub use state::{ApiState, Options};
