//! The scenarios of the `scenarios/` folder, embedded in the program.

/// A scenario that is always there.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// What the command line calls it.
    pub name: &'static str,
    /// The file.
    pub toml: &'static str,
}

macro_rules! builtin {
    ($name:literal) => {
        Builtin { name: $name, toml: include_str!(concat!("../../scenarios/", $name, ".toml")) }
    };
}

/// All of them, in the order of a lecture; the first is the one opened when none is named.
pub const ALL: [Builtin; 3] = [builtin!("intro"), builtin!("exercise"), builtin!("network")];

/// The one of that name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.name == name)
}
