//! The scenarios of the `scenarios/` folder, embedded in the program with the files they name.

/// A scenario that is always there.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// What the command line calls it.
    pub name: &'static str,
    /// The file.
    pub toml: &'static str,
    /// The files it names, each with its bytes.
    pub files: &'static [(&'static str, &'static [u8])],
}

/// A scenario by the name of its file, and the files that it names.
macro_rules! builtin {
    ($name:literal $(, $file:literal)*) => {
        Builtin {
            name: $name,
            toml: include_str!(concat!("../../scenarios/", $name, ".toml")),
            files: &[$(($file, include_bytes!(concat!("../../scenarios/", $file)))),*],
        }
    };
}

/// All of them, in the order of a lecture; the first is the one opened when none is named.
pub const ALL: &[Builtin] = &[
    builtin!("intro"),
    builtin!("exercise"),
    builtin!("network"),
    builtin!("conv-window"),
    builtin!("conv-rnn"),
    builtin!("parity"),
    builtin!("exploding"),
    builtin!("vanishing"),
    builtin!("saturated"),
    builtin!("counter"),
    builtin!("memory"),
    builtin!("gru-before"),
    builtin!("gru-after"),
    builtin!("sunspots", "sunspots.csv", "sunspots.safetensors"),
];

/// The one of that name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.name == name)
}
