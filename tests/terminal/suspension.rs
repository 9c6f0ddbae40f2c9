//! Ctrl-Z and fg: the shell has its terminal, and the stepper has it back.

use super::{SCREENS, WHEEL_DOWN, at, job, long_scenario, on_every, stepper_with};
use crate::pty::{PATIENCE, Terminal, command, control_sequences, wait_until};

#[test]
fn the_suspend_key_gives_the_shell_its_terminal_and_fg_brings_every_screen_back() {
    on_every(&SCREENS, |screen| {
        let terminal = job(screen.scenario);
        screen.go_to(&terminal);
        let shown = terminal.screen_text();
        suspend(&terminal);
        terminal.send("[ \"$before\" = \"$(stty -g)\" ] && echo line is ba''ck\r");
        terminal.wait_for("line is back");
        terminal.send("fg\r");
        terminal.wait_for_screen(PATIENCE, &shown);
    });
}

#[test]
fn keys_work_after_fg() {
    let terminal = job("intro");
    terminal.press("n");
    suspend(&terminal);
    terminal.send("fg\r");
    terminal.wait_for(&at(1));
    terminal.send("n");
    terminal.wait_for(&at(2));
}

/// Suspends the stepper, and waits for the shell.
fn suspend(terminal: &Terminal) {
    terminal.send("\x1a");
    wait_until(PATIENCE, "the shell's screen", || !terminal.is_alternate_screen());
}

/// In a container, where whoever started the program is outside what it sees, and nobody could continue it.
#[test]
fn the_suspend_key_does_nothing_where_the_shell_is_outside_the_namespace() {
    const NAMESPACE: [&str; 5] = ["--user", "--map-root-user", "--pid", "--fork", "--kill-child"];
    let unshare = |program: &[&str]| command("unshare").args(NAMESPACE).args(program);
    if !matches!(Terminal::start(unshare(&["true"])).wait_exit(PATIENCE).status.code(), Some(0)) {
        println!("skipped: no namespace of processes can be made");
        return;
    }
    let celda = env!("CARGO_BIN_EXE_celda");
    for program in [&[celda][..], &["sh", "-c", "\"$0\"; exit $?", celda]] {
        let mut terminal = stepper_with(unshare(program));
        terminal.send("\x1an");
        terminal.wait_for(&at(1));
        terminal.send("q");
        assert_eq!(terminal.wait_exit(PATIENCE).status.code(), Some(0), "{program:?}");
    }
}

#[test]
fn autoplay_is_paused_when_fg_brings_the_screen_back() {
    let (_folder, path) = long_scenario(1000);
    let terminal = job(path.to_str().unwrap());
    terminal.send("4+a");
    terminal.wait_for("▶ 16/s");
    suspend(&terminal);
    terminal.send("fg\r");
    terminal.wait_for("step ");
    assert!(!terminal.screen_text().contains("16/s"), "{}", terminal.screen_text());
}

#[test]
fn the_mouse_is_the_shells_while_it_is_suspended_and_comes_back_with_the_screen() {
    let terminal = job("--mouse");
    let switched = |terminal: &Terminal| -> Vec<u8> {
        control_sequences(&terminal.raw()).into_iter().filter(|(mode, _)| mode == "?1000").map(|(_, end)| end).collect()
    };
    suspend(&terminal);
    assert_eq!(switched(&terminal), b"hl");
    terminal.send("fg\r");
    terminal.wait_for(&at(0));
    terminal.send(WHEEL_DOWN);
    terminal.wait_for(&at(1));
    assert_eq!(switched(&terminal), b"hlh");
}
