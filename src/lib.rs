//! Steps through a recurrent network one timestep at a time and shows where every number came from.
//!
//! Imports go one way: `engine` ← `scenario` ← `app` ← `view` ← `terminal`; `companion` and `report` see
//! `view` and all before it, and `command` puts them together.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

/// The state of the stepper and what changes it. Imports `engine`, `scenario`.
pub mod app;
/// What there is beside the stepper. Imports `app`, `companion`, `new_file`, `recovery`, `scenario`, `terminal`, `watch`.
pub mod beside;
/// The command line. Imports `app`, `report`, `scenario`, `starter`.
pub mod cli;
/// What each command does. Imports `app`, `beside`, `cli`, `companion`, `man`, `new_file`, `report`, `scenario`, `starter`,
/// `terminal`, `view`.
pub mod command;
/// The stepper and who follows it from another terminal. Imports `app`, `engine`, `fault_injection`, `scenario`, `view`.
pub mod companion;
/// The mathematics. Imports `fault_injection`.
pub mod engine;
/// Panics that tests ask for. Imports nothing of this crate.
pub mod fault_injection;
/// The man page. Imports `app`, `cli`.
pub mod man;
/// New files. Imports `app`, `report`, `scenario`.
pub mod new_file;
/// Edits kept for the next start. Imports `engine`, `new_file`, `scenario`.
pub mod recovery;
/// Traces and frames as text and data. Imports `app`, `engine`, `scenario`, `view`.
pub mod report;
/// Scenario files. Imports `engine`.
pub mod scenario;
/// Starter scenarios. Imports `scenario`.
pub mod starter;
/// The one place that touches a terminal. Imports `app`, `fault_injection`, `view`.
pub mod terminal;
/// The screen. Imports `app`, `engine`, `scenario`.
pub mod view;
/// Scenario files watched for changes. Imports `fault_injection`, `scenario`.
pub mod watch;
