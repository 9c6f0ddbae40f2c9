//! The stepper's state and what changes it; knows no terminal.

pub mod action;
pub mod autoplay;
pub mod edit;
pub mod events;
pub mod field;
pub mod foreseen;
pub mod key;
pub mod keymap;
pub mod lecture;
pub mod micro_step;
pub mod mouse;
pub mod notice;
pub mod request;
pub mod search;
pub mod settings;
pub mod sight;
pub mod speaker;
pub mod state;
