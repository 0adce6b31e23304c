//! What is the same for every route: who asks and from where, what a request brings along, what an answer carries.
//!
//! * `client`, `cookie`, `origin`: the other side, its session and whether a page of ours sent the request.
//! * `body`, `params`, `place`, `page`: what a request says, read strictly.
//! * `turns`: services block, so they take turns on threads that may.
//! * `replay`, `idempotency`: a write that is sent again is answered again, not done again.
//! * `etag`: answers that need not be sent twice; `guard`: headers of every answer, and unknown paths.

pub mod body;
pub mod caller;
pub mod client;
pub mod cookie;
pub mod etag;
pub mod guard;
pub mod idempotency;
pub mod origin;
pub mod page;
pub mod params;
pub mod place;
pub mod replay;
pub mod reply;
pub mod turns;
mod wrong;
