//! The scenarios `celda new` prints: valid, small, every key explained.

use crate::cli::Starter;

/// The scenario of a kind.
pub const fn toml(kind: Starter) -> &'static str {
    match kind {
        Starter::Rnn => include_str!("starter/rnn.toml"),
        Starter::Network => include_str!("starter/network.toml"),
    }
}
