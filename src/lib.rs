//! `taizhang` (台账): the workstation of an e-commerce department whose regulations are the program.
//!
//! Names point one way: `client → wire`, `server → ui → store::books`, `server → desk → store → domain`.

pub mod cli;
pub mod client;
pub mod demo;
pub mod desk;
pub mod domain;
pub mod find;
pub mod house;
pub mod report;
pub mod server;
pub mod statement;
pub mod store;
pub mod ui;
pub mod verbs;
pub mod wire;
