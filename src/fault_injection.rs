//! Faults injected into threads that run, so that tests see what comes of a panic in each; a release build has none.

/// Panics in the thread that `CELDA_PANIC` names, in a debug build.
pub fn panic_if_named() {
    #[cfg(debug_assertions)]
    {
        let thread = std::thread::current();
        let is_named = |name: &&str| std::env::var_os("CELDA_PANIC").is_some_and(|named| named == **name);
        if let Some(name) = thread.name().filter(is_named) {
            panic!("a fault was injected into the thread {name}");
        }
    }
}
