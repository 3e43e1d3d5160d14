//! What the tests of whole workflows share.

pub mod rehearsal;
