//! What tests of terminals need: a pseudo-terminal with a picture, a terminal on the bare socket, and a house to visit.
//!
//! No test waits for a time: frames carry the last key they reflect, and a pty's picture is waited for until it is right.

pub mod house;
mod opened;
pub mod pty;
pub mod socket;

use std::time::Duration;

/// After so long something is broken, not slow.
pub const PATIENCE: Duration = Duration::from_secs(20);
