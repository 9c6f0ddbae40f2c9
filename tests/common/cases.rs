//! How long a test with random inputs looks: a fixed budget, or as many cases as are asked for by hand.

use std::env;

use proptest::test_runner::Config;

/// So many cases, unless `PROPTEST_CASES` says another number.
pub fn config(cases: u32) -> Config {
    let asked = env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { cases: asked.unwrap_or(cases), failure_persistence: None, ..Config::default() }
}
