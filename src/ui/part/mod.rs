//! The pieces that screens are built of. Each holds what was chosen or typed, moves by plain calls and draws itself
//! from `&self` into any rectangle, however small.

pub mod bar;
pub mod chooser;
pub mod dialog;
pub mod dialog_view;
pub mod field;
pub mod find;
pub mod form;
mod form_view;
pub mod grid;
pub mod input;
mod kept;
pub mod list;
pub mod menu;
pub mod message;
pub mod scroll;
pub mod spark;
