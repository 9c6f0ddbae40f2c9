//! Asks the linker to lay together what runs up to the first frame, where it takes such a request.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build/first.ld");
    let Some(script) = env::var_os("CARGO_MANIFEST_DIR").map(|folder| Path::new(&folder).join("build/first.ld")) else { return };
    let request = format!("-T{}", script.display());
    // The names in the list are those of an optimized build for Linux.
    let is_meant = [("PROFILE", "release"), ("CARGO_CFG_TARGET_OS", "linux")];
    if is_meant.iter().all(|(name, value)| env::var(name).is_ok_and(|is| is == *value)) && is_taken(&request).unwrap_or(false) {
        println!("cargo:rustc-link-arg-bins={request}");
    }
}

/// Whether the linker this build uses makes a program of nothing with the request: not all know such scripts.
fn is_taken(request: &str) -> Option<bool> {
    let mut rustc = Command::new(env::var_os("RUSTC")?);
    rustc.args(["--crate-name=taken", "--crate-type=bin", "-", "--target"]).arg(env::var_os("TARGET")?);
    rustc.arg("--out-dir").arg(env::var_os("OUT_DIR")?);
    rustc.args(env::var("CARGO_ENCODED_RUSTFLAGS").ok()?.split('\x1f').filter(|flag| !flag.is_empty()));
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        rustc.arg("-C").arg(format!("linker={}", linker.display()));
    }
    rustc.arg("-C").arg(format!("link-arg={request}"));
    let mut compiler = rustc.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    compiler.stdin.take()?.write_all(b"fn main() {}").ok()?;
    Some(compiler.wait().ok()?.success())
}
