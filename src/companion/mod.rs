//! The stepper tells another terminal of the same user where it stands: over a Unix socket, a line of JSON at a time.
//!
//! What is said is in `message.rs`, made of the state in `position.rs`; the stepper's side is `host.rs`, the other
//! `follower.rs`; both find each other in a folder of `folder.rs`. Nothing here draws.

pub mod clock;
pub mod folder;
pub mod follower;
pub mod host;
pub mod message;
pub mod position;
