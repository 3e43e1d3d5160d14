//! What is on the screens: pictures kept as text with a map of their styles, and keys in, pictures out.
//!
//! `UPDATE_FRAMES=1` rewrites the pictures in `tests/frames`.

mod frames_support;
#[path = "support/rehearsal.rs"]
mod rehearsal;
