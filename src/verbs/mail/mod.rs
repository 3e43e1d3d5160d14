//! Sending the ledger of closed days: how mail leaves, what a letter says, and the thread that sends what is owed.

mod letter;
mod postman;
mod transport;

pub use postman::{Postman, round};
pub use transport::{MAIL, Route, Tls};
