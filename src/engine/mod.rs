//! The mathematics of recurrent networks: cells, layers, networks and their course over time; nothing of files or screens.

pub mod activation;
pub mod cell;
pub mod conv;
pub mod dense;
pub mod event;
pub mod kernel;
pub mod network;
pub mod parameter;
pub mod partner;
pub mod timeline;
pub mod weighted_sum;
pub mod weights;
