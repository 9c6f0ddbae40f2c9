//! The program as a user's shell sees it: exit codes, streams, files, and inputs made to break it.
#![allow(clippy::unwrap_used)]

#[path = "common/forge.rs"]
mod forge;

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use celda::app::keymap::BINDINGS;
use celda::app::settings::{Charset, Language};
use celda::scenario::builtin;
use forge::{Member, archive, header, npy};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than any of these runs takes, even where tests are built without optimisation and the machine is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a run ended.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// The program in a folder, with nothing of the environment that runs the tests.
fn celda(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_celda"));
    command.env_clear().env("LANG", "C").current_dir(folder).args(args).stdin(Stdio::null());
    command
}

/// Runs a command to its end; one that does not come to it is killed.
fn finish(mut command: Command) -> Run {
    let (mut stdout, mut stderr) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    let child = command.stdout(stdout.try_clone().unwrap()).stderr(stderr.try_clone().unwrap()).spawn().unwrap();
    let code = wait(child);
    Run { code, stdout: contents(&mut stdout), stderr: contents(&mut stderr) }
}

fn wait(mut child: Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn contents(file: &mut File) -> String {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

/// Runs the program in the root folder.
fn run(args: &[&str]) -> Run {
    finish(celda(Path::new("/"), args))
}

fn run_in(folder: &TempDir, args: &[&str]) -> Run {
    finish(celda(folder.path(), args))
}

/// Runs the program with a text on its standard input.
fn run_with(input: &str, args: &[&str]) -> Run {
    let mut stdin = tempfile::tempfile().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    stdin.seek(SeekFrom::Start(0)).unwrap();
    let mut command = celda(Path::new("/"), args);
    command.stdin(stdin);
    finish(command)
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

impl Run {
    /// Asserts that it ended well and gives what it printed.
    fn good(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        self.stdout
    }

    /// Asserts that it failed with this code, printed no result, and gives what it said.
    fn bad(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{}", self.stderr);
        assert!(!self.stderr.is_empty() && !self.stderr.contains("panicked"), "{}", self.stderr);
        self.stderr
    }

    /// Asserts that a file was refused and that this was said of it, and gives all that was said.
    fn refused(self, said: &str) -> String {
        let stderr = self.bad(1);
        assert!(stderr.contains(said), "`{said}` is not in\n{stderr}");
        assert!(stderr.contains("= help: "), "{stderr}");
        assert!(stderr.len() < 100_000, "{} bytes of diagnostics", stderr.len());
        stderr
    }
}

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&run(args).good()).unwrap()
}

const ONE_LAYER: &str = "title = \"One\"\n[input]\nrows = [[1], [2], [3]]\n[[layer]]\nkind = \"dense\"\nweights = [[2]]\n";

/// A state that overflows at t = 2.
const EXPLODES: &str = "title = \"It explodes\"\n[input]\nrows = [[1], [1], [1], [1]]\n[[layer]]\nkind = \"rnn\"\n\
    activation = \"linear\"\ninput_weights = [[1]]\nrecurrent_weights = [[-1e200]]\nunit_names = [\"bomb\"]\n";

mod inputs_made_to_break_it {
    use super::*;

    #[test]
    fn a_file_of_ten_megabytes_is_refused() {
        let folder = folder(&[("large.toml", &"# a comment\n".repeat(900_000))]);
        let said = run_in(&folder, &["check", "large.toml"]).refused("large.toml: it is larger than 8 MiB");
        assert!(said.contains("help: put weights in a .safetensors or .npz file"), "what grows large is mostly weights: {said}");
        assert!(said.contains("input rows in a CSV file"), "{said}");
    }

    #[test]
    fn a_file_larger_than_memory_is_refused_unread() {
        let folder = folder(&[("good.toml", "title = \"CSV\"\n[input]\nfile = \"huge.csv\"\n")]);
        for name in ["huge.toml", "huge.csv"] {
            File::create(folder.path().join(name)).unwrap().set_len(1 << 40).unwrap();
        }
        run_in(&folder, &["check", "huge.toml"]).refused("larger than 8 MiB");
        run_in(&folder, &["check", "good.toml"]).refused("file `huge.csv`: it is larger than 1024 MiB");
    }

    #[test]
    fn deep_nesting_is_refused() {
        const DEPTH: usize = 100_000;
        let open = "[".repeat(DEPTH);
        let close = "]".repeat(DEPTH);
        let texts = [
            format!("title = {open}"),
            format!("title = {open}{close}"),
            format!("title = {}1{}", "{ a = ".repeat(DEPTH), "}".repeat(DEPTH)),
            format!("a{} = 1", ".a".repeat(DEPTH)),
            format!("[a{}]\nb = 1", ".a".repeat(DEPTH)),
            format!("[[a{}]]\nb = 1", ".a".repeat(DEPTH)),
            // What is closed where none can be is no end of those that are open.
            format!("a = [{}", "{a=b={}\né".repeat(DEPTH)),
        ];
        for text in texts {
            let said = run_with(&text, &["check", "-"]).refused("this is nested too deeply to be read");
            assert_eq!(said.matches("= help: ").count(), 1, "{said}");
        }
        run_with(&format!("{open}a{close}"), &["check", "-"]).refused("not TOML: ");
    }

    #[test]
    fn a_million_faults_on_one_line_are_counted_quickly() {
        let numbers = "nan,".repeat(1_000_000);
        let text = format!("title = \"Faults\"\n[input]\nrows = [[{numbers}]]\n[[layer]]\nkind = \"dense\"\nweights = [[1]]\n");
        // One more than there are of those: the weights do not fit either.
        run_with(&text, &["check", "-"]).refused("… and 999951 more\n");
        run_with(&"=".repeat(1_000_000), &["check", "-"]).refused("… and 999950 more\n");
        run_with(&format!("{} = 1", "k".repeat(4_000_000)), &["check", "-"]).refused("unknown key `kkkkkk");
    }

    #[test]
    fn a_hundred_thousand_claims_that_do_not_hold_are_counted_quickly() {
        let row = "[1],".repeat(100_000);
        let text = format!(
            "title = \"Claims\"\n[input]\nrows = [{row}]\n[[layer]]\nkind = \"dense\"\nweights = [[2]]\n[expected]\noutput = [{row}]\n"
        );
        let Run { code, stdout, stderr } = run_with(&text, &["check", "-", "--strict"]);
        assert_eq!(code, Some(1));
        assert!(stdout.ends_with("; claims that hold: 0 of 100000\n"), "{stdout}");
        assert!(stderr.ends_with("… and 99950 more\n"));
    }

    #[test]
    fn four_hundred_thousand_numbers_are_read() {
        let rows = "[1.2345678, -2.345678, 3.4567e-8, 4],".repeat(100_000);
        let layer = "[[layer]]\nkind = \"rnn\"\ninput_weights = [[1, 1, 1, 1]]\nrecurrent_weights = [[0.5]]\n";
        let run = run_with(&format!("title = \"Many\"\n[input]\nrows = [{rows}]\n{layer}"), &["check", "-"]);
        assert_eq!(run.good(), "standard input: 100000 timesteps, 4 features, 1 layer, 1 output\n");
    }

    #[test]
    fn a_folder_is_refused() {
        let folder = folder(&[]);
        run(&["check", folder.path().to_str().unwrap()]).refused("this is a folder, not a file");
    }

    #[test]
    fn a_missing_file_is_refused_with_the_built_in_scenario_that_was_meant_or_where_they_are_listed() {
        let help = "check the path; `celda scenarios` lists the built-in scenarios";
        assert_eq!(run(&["check", "nowhere.toml"]).bad(1), format!("nowhere.toml: there is no such file\n= help: {help}\n"));
        let near = run(&["check", "exersise"]).bad(1);
        assert_eq!(near, "exersise: there is no such file\n= help: did you mean the built-in scenario `exercise`?\n");
    }

    #[test]
    fn a_word_that_stands_for_no_scenario_is_refused_with_the_command_that_was_meant() {
        let said = |args: &[&str]| run(args).bad(1);
        let near = "trac: there is no such file\n= help: did you mean the command `celda trace`?\n";
        assert_eq!(said(&["trac"]), near);
        assert_eq!(said(&["trac", "exercise"]), near);
        let en_espanol = "trac: no existe ese archivo\n= ayuda: ¿quizá la orden `celda trace`?\n";
        assert_eq!(said(&["--lang", "es", "trac"]), en_espanol);
        let late = "trace: there is no such file\n= help: a command comes first, and its options after it: `celda trace …`\n";
        assert_eq!(said(&["--theme", "light", "trace", "exercise"]), late);
        assert_eq!(said(&["exercise", "trace"]), late);
        let tarde = "trace: no existe ese archivo\n= ayuda: una orden va primero, y sus opciones después: `celda trace …`\n";
        assert_eq!(said(&["--lang", "es", "trace", "exercise"]), tarde);
        let elsewhere = "check the path; `celda scenarios` lists the built-in scenarios";
        for args in [&["exercise", "trac"][..], &["check", "trac"], &["nowhere.toml"]] {
            assert!(said(args).contains(elsewhere), "{args:?}");
        }
        let folder = folder(&[("trace", ONE_LAYER)]);
        run_in(&folder, &["--lang", "en", "trace"]).good();
    }

    #[test]
    fn a_file_that_is_not_utf8_is_refused_with_the_place_of_the_byte() {
        let folder = folder(&[]);
        fs::write(folder.path().join("latin1.toml"), b"# Latin 1\ntitle = \"Estaci\xf3n\"\n").unwrap();
        run_in(&folder, &["check", "latin1.toml"]).refused("latin1.toml:2:16: not UTF-8: byte 0xf3\n");
        fs::write(folder.path().join("utf16.toml"), b"\xff\xfet\0i\0t\0l\0e\0").unwrap();
        run_in(&folder, &["check", "utf16.toml"]).refused("utf16.toml:1:1: not UTF-8: byte 0xff\n");
    }

    #[test]
    fn a_fifo_is_refused_without_waiting_for_a_writer() {
        let folder = folder(&[("fifo.toml", "title = \"CSV\"\n[input]\nfile = \"fifo\"\n")]);
        let fifo = folder.path().join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let piped = "pipe a scenario in";
        let itself = run_in(&folder, &["check", "fifo"]).refused("fifo: this is a FIFO, not a regular file");
        assert!(itself.contains(piped), "{itself}");
        let named = run_in(&folder, &["check", "fifo.toml"]).refused("file `fifo`: this is a FIFO, not a regular file");
        assert!(named.contains("help: name a regular file beside the scenario") && !named.contains(piped), "{named}");
        let weights = run_in(&folder, &["new", "--from", "fifo"]).refused("fifo: this is a FIFO, not a regular file");
        assert!(weights.contains("help: name a regular file") && !weights.contains(piped), "{weights}");
    }

    #[test]
    fn an_empty_file_is_refused() {
        run_in(&folder(&[("empty.toml", "")]), &["check", "empty.toml"]).refused("empty.toml: there is nothing in it\n");
    }

    #[test]
    fn a_device_that_never_ends_is_refused() {
        run(&["check", "/dev/zero"]).refused("/dev/zero: this is not a regular file");
        let mut command = celda(Path::new("/"), &["check", "-"]);
        command.stdin(File::open("/dev/zero").unwrap());
        finish(command).refused("standard input: it is larger than 8 MiB");
    }

    #[test]
    fn a_file_that_may_not_be_read_is_refused() {
        let folder = folder(&[("secret.toml", ONE_LAYER)]);
        let path = folder.path().join("secret.toml");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        if File::open(&path).is_ok() {
            return; // Whoever runs this may read everything.
        }
        run_in(&folder, &["check", "secret.toml"]).refused("it may not be read");
    }

    #[test]
    fn a_link_to_itself_is_refused() {
        let folder = folder(&[]);
        symlink("loop", folder.path().join("loop")).unwrap();
        run_in(&folder, &["check", "loop"]).refused("loop: ");
    }

    #[test]
    fn control_characters_in_a_file_name_are_shown_as_pictures() {
        let folder = folder(&[("\u{1b}[31m.toml", ONE_LAYER), ("\u{7}.toml", "")]);
        assert!(run_in(&folder, &["check", "\u{1b}[31m.toml"]).good().starts_with("␛[31m.toml: 3 timesteps"));
        run_in(&folder, &["check", "\u{7}.toml"]).refused("␇.toml: there is nothing in it\n");
    }
}

mod exit_codes_and_streams {
    use super::*;

    #[test]
    fn a_good_file_is_one_line_on_standard_output_and_0() {
        let folder = folder(&[("one.toml", ONE_LAYER)]);
        let stdout = run_in(&folder, &["check", "one.toml", "network"]).good();
        let lines =
            ["one.toml: 3 timesteps, 1 feature, 1 layer, 1 output", "network: 5 timesteps, 2 features, 3 layers, 1 output"];
        assert_eq!(stdout, lines.join("\n") + "\n");
    }

    #[test]
    fn a_bad_file_among_good_ones_is_1_and_the_good_ones_are_still_checked() {
        let folder = folder(&[("one.toml", ONE_LAYER), ("bad.toml", "title = 1")]);
        let run = run_in(&folder, &["check", "bad.toml", "one.toml"]);
        assert_eq!(run.code, Some(1));
        assert_eq!(run.stdout, "one.toml: 3 timesteps, 1 feature, 1 layer, 1 output\n");
        assert!(run.stderr.contains("bad.toml:1:9: title is an integer"), "{}", run.stderr);
    }

    #[test]
    fn a_claim_that_does_not_hold_is_a_warning_and_1_only_with_strict() {
        let run = run(&["check", "intro"]);
        assert_eq!(run.code, Some(0));
        assert_eq!(run.stdout, "intro: 4 timesteps, 2 features, 1 layer, 1 output; claims that hold: 2 of 4\n");
        let first = "intro:23:11: warning: at t = 0: expected output is 23, but the network computes 69\n   \
            |\n23 | output = [[23], [0], [170], [21]]\n   |           ^^^^\n   = help: ";
        assert!(run.stderr.starts_with(first), "{}", run.stderr);
        assert_eq!(super::run(&["check", "--strict", "intro"]).code, Some(1));
        assert_eq!(super::run(&["check", "--strict", "network"]).code, Some(0));
        assert_eq!(super::run(&["check", "--strict", "exercise"]).code, Some(0));
    }

    #[test]
    fn keys_that_run_into_each_other_are_refused_with_how_they_are_written() {
        let said = run(&["frame", "--keys", "ZZ"]).bad(2);
        assert!(said.contains("`ZZ` is not a key; keys stand between commas"), "{said}");
    }

    #[test]
    fn a_wrong_command_line_is_2() {
        let wrong: [&[&str]; 11] = [
            &["check"],
            &["trace", "--format", "yaml"],
            &["trace", "--steps", "3..1"],
            &["trace", "--steps", "one"],
            &["trace", "--steps", "-1"],
            &["new", "transformer"],
            &["new", "network", "--from", "model.npz"],
            &["new", "--prefix", "lstm"],
            &["completions", "tcsh"],
            &["--precision", "0"],
            &["frame", "--at", "4"],
        ];
        for args in wrong {
            run(args).bad(2);
        }
    }

    #[test]
    fn the_smallest_numbers_are_shown_as_they_were_written() {
        let folder = folder(&[("tiny.toml", &ONE_LAYER.replace("[1], [2], [3]", "[1e-320], [5e-324], [-3e-310]"))]);
        let trace = run_in(&folder, &["trace", "tiny.toml"]).good();
        for written in ["1e-320", "5e-324", "-3e-310"] {
            assert!(trace.contains(written), "{trace}");
        }
        assert!(run_in(&folder, &["frame", "tiny.toml"]).good().contains("1e-320"));
    }

    #[test]
    fn a_unit_that_the_file_names_is_shown_by_its_name_whatever_that_is() {
        let layer = "kind = \"rnn\"\ninput_weights = [[1], [1]]\nrecurrent_weights = [[1, 0], [0, 1]]\n";
        let text = format!("title = \"Names\"\n[input]\nrows = [[1], [2]]\n[[layer]]\n{layer}");
        let folder = folder(&[("bare.toml", &text), ("named.toml", &format!("{text}unit_names = [\"h9\", \"hot\"]\n"))]);
        let frame = |name: &str| run_in(&folder, &["frame", name, "--at", "1", "--size", "120x40"]).good();
        for name in ["h1(0) h9", "h2(0) hot"] {
            assert!(frame("named.toml").contains(name), "{}", frame("named.toml"));
        }
        assert!(!frame("bare.toml").contains("h1(0) h1"), "{}", frame("bare.toml"));
    }

    #[test]
    fn a_timestep_to_start_at_is_asked_for_in_our_own_words() {
        for at in ["-1", "one", "", "99999999999999999999999"] {
            for args in [&["frame", "--at", at][..], &["--at", at], &["frame", "--at=-x"]] {
                assert!(run(args).bad(2).contains("write a timestep, counted from 0"), "{args:?}");
            }
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn output_that_cannot_be_written_is_3() {
        for args in [["trace", "--format=json"], ["scenarios", "intro"], ["new", "rnn"], ["completions", "bash"]] {
            let mut command = celda(Path::new("/"), &args);
            command.stdout(File::options().write(true).open("/dev/full").unwrap()).stderr(Stdio::piped());
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(3), "{args:?}");
            assert!(output.stderr.starts_with(b"celda: cannot write: "), "{args:?}");
        }
    }

    #[test]
    fn a_reader_that_goes_early_is_0_without_a_message() {
        let row = "[1],".repeat(50_000);
        let folder = folder(&[("long.toml", &ONE_LAYER.replace("[1], [2], [3]", &row))]);
        for format in ["text", "csv", "json", "markdown", "latex"] {
            let mut command = celda(folder.path(), &["trace", "long.toml", "--format", format]);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut first = [0];
            child.stdout.take().unwrap().read_exact(&mut first).unwrap();
            let mut stderr = child.stderr.take().unwrap();
            assert_eq!(wait(child), Some(0), "{format}");
            let mut said = String::new();
            stderr.read_to_string(&mut said).unwrap();
            assert_eq!(said, "", "{format}");
        }
    }

    #[test]
    fn diagnostics_that_nobody_reads_still_fail() {
        let mut command = celda(Path::new("/"), &["check", "nowhere.toml"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        assert_eq!(wait(child), Some(1));
    }
}

mod several_scenarios {
    use super::*;

    /// A good scenario by another title.
    fn titled(title: &str) -> String {
        ONE_LAYER.replace("\"One\"", &format!("\"{title}\""))
    }

    #[test]
    fn their_traces_follow_each_other_each_under_its_name() {
        let folder = folder(&[("a.toml", &titled("A")), ("b.toml", &titled("B"))]);
        let trace = |name: &str| run_in(&folder, &["trace", name]).good();
        let expected = format!(
            "==> b.toml <==\n{}\n==> a.toml <==\n{}\n==> counter <==\n{}",
            trace("b.toml"),
            trace("a.toml"),
            trace("counter")
        );
        assert_eq!(run_in(&folder, &["b.toml", "a.toml", "counter"]).good(), expected);
    }

    #[test]
    fn their_traces_have_no_character_above_0x7f_with_ascii() {
        let folder = folder(&[("a.toml", &titled("Años «→» 日本 👩‍👩‍👧"))]);
        let printed = run_in(&folder, &["--ascii", "--lang", "es", "intro", "a.toml"]).good();
        assert!(printed.is_ascii(), "{printed}");
        assert!(
            printed.contains("  h(0) = ReLU(2*0 + 3*23 + (-0.1)*0) = ReLU(69) = 69\n  ! calculada 69, afirmada 23"),
            "{printed}"
        );
        assert!(printed.contains("==> a.toml <==\nAnos <<>>"), "{printed}");
    }

    #[test]
    fn their_traces_have_as_many_digits_as_are_asked_for() {
        let text = "title = \"T\"\n[input]\nrows = [[1]]\n[[layer]]\nkind = \"dense\"\nweights = [[0.123456789]]\n";
        let folder = folder(&[("a.toml", text)]);
        let printed = |digits: &[&str]| run_in(&folder, &[digits, &["a.toml"]].concat()).good();
        assert!(printed(&[]).contains(" = 0.123457\n"), "{}", printed(&[]));
        for (digits, output) in [("2", "0.12"), ("17", "0.123456789")] {
            let printed = printed(&["--precision", digits]);
            assert!(printed.contains(&format!(" = {output}\n")), "{printed}");
        }
    }

    #[test]
    fn one_alone_has_no_name_above_it() {
        let folder = folder(&[("a.toml", &titled("A"))]);
        assert_eq!(run_in(&folder, &["."]).good(), run_in(&folder, &["trace", "a.toml"]).good());
    }

    #[test]
    fn a_folder_stands_for_its_toml_files_sorted_by_name() {
        let files = ["b.toml", "a.toml", "10.toml", "rows.csv", "notes.toml.txt", ".#a.toml", ".hidden.toml"];
        let folder = folder(&files.map(|name| (name, ONE_LAYER)));
        fs::create_dir(folder.path().join("nested.toml")).unwrap();
        let printed = run_in(&folder, &["."]).good();
        let heads: Vec<&str> = printed.lines().filter(|line| line.starts_with("==>")).collect();
        assert_eq!(heads, ["==> ./10.toml <==", "==> ./a.toml <==", "==> ./b.toml <=="]);
    }

    #[test]
    fn the_same_file_twice_is_shown_twice() {
        let folder = folder(&[("a.toml", ONE_LAYER)]);
        assert_eq!(run_in(&folder, &["a.toml", "a.toml"]).good().matches("==> a.toml <==").count(), 2);
    }

    #[test]
    fn a_folder_without_scenarios_is_refused() {
        run_in(&folder(&[("rows.csv", "1\n")]), &["."]).refused(".: there is no `.toml` file in this folder");
    }

    #[test]
    fn a_folder_that_may_not_be_read_is_refused() {
        let folder = folder(&[("a.toml", ONE_LAYER)]);
        let mode = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
        mode(0o000);
        let may_read = fs::read_dir(folder.path()).is_ok();
        let run = run(&[folder.path().to_str().unwrap()]);
        mode(0o700);
        if !may_read {
            run.refused("it may not be read");
        }
    }

    #[test]
    fn all_faults_of_all_of_them_are_said_and_nothing_is_shown() {
        let bad = ONE_LAYER.replace("weights", "wieghts");
        let folder = folder(&[("bad.toml", &bad), ("good.toml", ONE_LAYER), ("worse.toml", "title = ")]);
        let said = run_in(&folder, &["bad.toml", "good.toml", "missing", "bad.toml", "worse.toml"]).bad(1);
        for fault in ["bad.toml:6:1: ", "missing: there is no such file", "worse.toml:1:9: "] {
            assert_eq!(said.matches(fault).count(), 1, "{said}");
        }
        let said = run_in(&folder, &["."]).bad(1);
        assert!(said.contains("bad.toml:6:1: ") && said.contains("worse.toml:1:9: "), "{said}");
    }

    #[test]
    fn standard_input_can_be_one_of_them_once() {
        let trace = run(&["trace", "counter"]).good();
        let expected =
            format!("==> standard input <==\n{}\n==> counter <==\n{trace}", run_with(ONE_LAYER, &["trace", "-"]).good());
        assert_eq!(run_with(ONE_LAYER, &["-", "counter"]).good(), expected);
        assert!(run_with(ONE_LAYER, &["-", "-"]).bad(2).contains("standard input, which can be read once"));
    }

    #[test]
    fn the_timestep_to_start_at_is_one_of_the_first() {
        let folder = folder(&[("a.toml", ONE_LAYER)]);
        run_in(&folder, &["--at", "2", "a.toml", "intro"]).good();
        assert!(run_in(&folder, &["--at", "3", "a.toml", "intro"]).bad(2).contains("the last timestep is 2"));
    }

    #[test]
    fn a_frame_is_of_one_scenario_and_its_list_opens_others() {
        assert!(run(&["frame", "intro", "counter"]).bad(2).contains("counter"));
        assert!(run(&["frame", "intro", "--keys", "C-o"]).good().contains(" given "));
        assert!(run(&["frame", "--keys", "C-o,o,u,n,t,e,r,enter,n"]).good().starts_with(" celda · Counting aⁿbⁿ"));
    }
}

mod what_a_scenario_is_called {
    use super::*;

    #[test]
    fn a_dash_is_standard_input() {
        let stdout = run_with(ONE_LAYER, &["check", "-"]).good();
        assert_eq!(stdout, "standard input: 3 timesteps, 1 feature, 1 layer, 1 output\n");
        run_with("title = 1", &["check", "-"]).refused("standard input:1:9: title is an integer");
        assert!(run_with(ONE_LAYER, &["trace", "-"]).good().starts_with("One\n"));
    }

    #[test]
    fn a_path_wins_over_a_built_in_name() {
        let folder = folder(&[("intro", ONE_LAYER)]);
        assert!(run_in(&folder, &["trace", "intro"]).good().starts_with("One\n"));
        fs::remove_file(folder.path().join("intro")).unwrap();
        assert!(run_in(&folder, &["trace", "intro"]).good().starts_with("One recurrent cell\n"));
        symlink("gone", folder.path().join("intro")).unwrap();
        run_in(&folder, &["check", "intro"]).refused("intro: there is no such file");
    }

    #[test]
    fn none_is_the_built_in_intro() {
        assert_eq!(run(&["trace"]).good(), run(&["trace", "intro"]).good());
        assert_eq!(run(&[]).good(), run(&["trace", "intro"]).good());
    }
}

mod csv_files {
    use super::*;

    const SCENARIO: &str = "title = \"CSV\"\n[input]\nfile = \"FILE\"\n[[layer]]\nkind = \"dense\"\nweights = [[1, 10]]\n";

    fn naming(file: &str) -> String {
        SCENARIO.replace("FILE", file)
    }

    #[test]
    fn columns_are_the_features() {
        let csv = "\u{feff}\"rain, mm\", wind ,day\r\n\r\n1,2,monday\r\n3e0, -4,\"tues\nday\"\r\n";
        let scenario = naming("data.csv").replace("[[layer]]", "columns = [\"wind\", \"rain, mm\"]\n[[layer]]");
        let folder = folder(&[("data.csv", csv), ("csv.toml", &scenario)]);
        let stdout = run_in(&folder, &["trace", "csv.toml", "--format", "csv"]).good();
        let rows = ["t,label,wind,\"rain, mm\",output.y,expected.y,holds", "0,,2,1,12,,", "1,,-4,3,26,,"];
        assert_eq!(stdout, rows.join("\n") + "\n");
    }

    #[test]
    fn columns_called_by_a_number_are_the_features_where_they_are_asked_for() {
        let scenario = naming("data.csv").replace("[[layer]]", "columns = [\"2020\", \"2019\"]\n[[layer]]");
        let folder = folder(&[("data.csv", "2019,2020\n1,2\n"), ("csv.toml", &scenario), ("all.toml", &naming("data.csv"))]);
        let stdout = run_in(&folder, &["trace", "csv.toml", "--format", "csv"]).good();
        assert_eq!(stdout, "t,label,2020,2019,output.y,expected.y,holds\n0,,2,1,12,,\n");
        run_in(&folder, &["check", "all.toml"]).refused("data.csv:1:1: the first line has only numbers");
    }

    #[test]
    fn a_scenario_reaches_no_file_outside_its_folder_unless_it_is_allowed_to() {
        let parent = folder(&[("data.csv", "a,b\n1,2\n")]);
        let absolute = parent.path().join("data.csv");
        let inner = parent.path().join("inner");
        fs::create_dir(&inner).unwrap();
        symlink("../data.csv", inner.join("link.csv")).unwrap();
        symlink("..", inner.join("up")).unwrap();
        for name in ["../data.csv", "link.csv", "up/data.csv", "./../data.csv", absolute.to_str().unwrap()] {
            let scenario = inner.join("csv.toml");
            fs::write(&scenario, naming(name)).unwrap();
            for (folder, scenario) in [(inner.as_path(), "csv.toml"), (parent.path(), "inner/csv.toml")] {
                finish(celda(folder, &["check", scenario])).refused("it lies outside the scenario's folder");
                finish(celda(folder, &["check", scenario, "--allow-outside"])).good();
                finish(celda(folder, &["trace", scenario, "--allow-outside"])).good();
            }
        }
    }

    #[test]
    fn a_folder_below_the_scenario_s_and_a_link_within_it_are_allowed() {
        let folder = folder(&[("csv.toml", &naming("below/link.csv")), ("data.csv", "a,b\n1,2\n")]);
        fs::create_dir(folder.path().join("below")).unwrap();
        symlink("../data.csv", folder.path().join("below/link.csv")).unwrap();
        run_in(&folder, &["check", "csv.toml"]).good();
    }

    #[test]
    fn a_hundred_thousand_faults_are_counted_quickly() {
        let wide = ["a,b", &"x,".repeat(100_000)].join("\n");
        let long = "a,b\n".to_owned() + &"x,y\n".repeat(50_000);
        let ragged = "a,b\n".to_owned() + &"1\n".repeat(100_000);
        let header = format!(
            "{}\n{}\n",
            (0..100_000).map(|i| format!("a{i}")).collect::<Vec<_>>().join(","),
            vec!["x"; 100_000].join(",")
        );
        let one_name = format!("{}\n1{}\n", ["a,b"; 50_000].join(","), ",1".repeat(99_999));
        for (csv, said) in [
            (wide, "this line has 100001 cells, but the header has 2"),
            (long, "… and 99950 more\n"),
            (ragged, "… and 99950 more\n"),
            (header, "… and 99951 more\n"),
            (one_name, "50000 columns are called `b`"),
        ] {
            let folder = folder(&[("csv.toml", &naming("data.csv")), ("data.csv", &csv)]);
            run_in(&folder, &["check", "csv.toml"]).refused(said);
        }
    }
}

mod trace {
    use super::*;

    #[test]
    fn json_is_as_documented() {
        let trace = json(&["trace", "intro", "--format", "json"]);
        assert_eq!(trace["format"], "celda.trace/1");
        assert_eq!(trace["title"], "One recurrent cell");
        assert_eq!(trace["layers"], json!([{"name": "layer 1", "kind": "rnn", "inputs": 2, "units": 1}]));
        assert_eq!(
            trace["steps"][0],
            json!({"t": 0, "label": "X(0)", "input": [0, 23],
                "layers": [{"input": [0, 23],
                    "gates": {"hidden": {"sum": [69], "output": [69]}},
                    "hidden_before": [0], "hidden": [69], "output": [69]}],
                "output": [69], "expected": [23], "holds": false})
        );
        let column = |key: &str| trace["steps"].as_array().unwrap().iter().map(|step| step[key].clone()).collect::<Value>();
        assert_eq!(column("output"), json!([[69], [0], [170], [23]]));
        assert_eq!(column("expected"), json!([[23], [0], [170], [21]]));
        assert_eq!(column("holds"), json!([false, true, true, false]));
        assert_eq!(trace.as_object().unwrap().len(), 4);
    }

    #[test]
    fn json_of_layers_without_state_or_claims_has_null_or_nothing_there() {
        let last = ONE_LAYER.to_owned() + "apply = \"last\"\n[expected]\noutput = [[nan], [nan], [6]]\n";
        let trace: Value = serde_json::from_str(&run_with(&last, &["trace", "-", "--format", "json"]).good()).unwrap();
        let [first, _, third] = trace["steps"].as_array().unwrap().as_slice() else { panic!("{trace}") };
        assert_eq!(
            *first,
            json!({"t": 0, "label": null, "input": [1], "layers": [null], "output": null, "expected": null, "holds": null})
        );
        let dense = json!({"input": [3], "gates": {"hidden": {"sum": [6], "output": [6]}}, "output": [6]});
        assert_eq!(
            *third,
            json!({"t": 2, "label": null, "input": [3], "layers": [dense], "output": [6], "expected": [6], "holds": true})
        );
    }

    #[test]
    fn csv_is_a_row_per_timestep() {
        let rows = [
            "t,label,Feature 1,Feature 2,layer 1.h,output.h,expected.h,holds",
            "0,X(0),0,23,69,69,23,false",
            "1,X(1),1,-3,0,0,0,true",
            "2,X(2),1,56,170,170,170,true",
            "3,X(3),2,12,23,23,21,false",
        ];
        assert_eq!(run(&["trace", "--format", "csv"]).good(), rows.join("\n") + "\n");
    }

    #[test]
    fn text_is_the_worked_arithmetic() {
        let lines = [
            "One recurrent cell",
            "",
            "t = 0  X(0)  (0, 23)",
            "  h(0) = ReLU(2·0 + 3·23 + (-0.1)·0) = ReLU(69) = 69",
            "  ✗ computed 69, claimed 23 (the slides)",
            "",
            "t = 1  X(1)  (1, -3)",
            "  h(1) = ReLU(2·1 + 3·(-3) + (-0.1)·69) = ReLU(-13.9) = 0",
            "  ✓ computed 0, claimed 0 (the slides)",
        ];
        assert_eq!(run(&["trace", "--steps", "..1"]).good(), lines.join("\n") + "\n");
    }

    #[test]
    fn text_is_in_the_language_asked_for_else_the_locale_s() {
        let asked = run(&["trace", "--lang", "es"]).good();
        assert!(asked.starts_with("Una celda recurrente\n"), "{asked}");
        let mut command = celda(Path::new("/"), &["trace"]);
        command.env("LC_ALL", "es_MX.UTF-8");
        assert_eq!(finish(command).good(), asked);
    }

    #[test]
    fn formats_for_programs_name_everything_in_english_whatever_the_locale() {
        for format in ["csv", "json"] {
            for scenario in ["intro", "memory", "counter"] {
                let args = ["trace", scenario, "--format", format];
                let english = run(&args).good();
                assert_eq!(run(&[&args[..], &["--lang", "es"]].concat()).good(), english);
                let mut command = celda(Path::new("/"), &args);
                command.env("LC_ALL", "es_MX.UTF-8");
                assert_eq!(finish(command).good(), english);
            }
        }
        let memory = run(&["trace", "memory", "--format", "csv"]).good();
        assert!(memory.starts_with("t,label,x,forget,layer 1.memory,output.memory,expected.memory,holds\n0,write,"), "{memory}");
        let spanish = run(&["trace", "memory", "--lang", "es"]).good();
        assert!(spanish.contains("\nt = 6  olvidar  (0, 1)\n"), "{spanish}");
        let only = "title = { es = \"Uno\" }\n[input]\nfeatures = [{ es = \"valor\" }]\nrows = [[1]]\nlabels = [{ es = \"día\" }]\n\
            [[layer]]\nkind = \"rnn\"\nname = { es = \"capa\" }\nunit_names = [{ es = \"suma\" }]\ninput_weights = [[1]]\n\
            recurrent_weights = [[0]]\n";
        let only = run_with(only, &["trace", "-", "--format", "csv"]).good();
        assert!(only.starts_with("t,label,valor,capa.suma,output.suma,expected.suma,holds\n0,día,"), "{only}");
    }

    #[test]
    fn the_products_of_the_terms_add_up_to_the_sum() {
        for scenario in builtin::ALL {
            let trace = json(&["trace", scenario.name, "--format", "json", "--terms"]);
            let mut units = 0;
            for layer in trace["steps"].as_array().unwrap().iter().flat_map(|step| step["layers"].as_array().unwrap()) {
                let gates = layer["gates"].as_object().unwrap().values();
                let recurrent = layer["gates"]["candidate"].get("recurrent");
                for gate in gates.chain(recurrent) {
                    let terms = gate["terms"].as_array().unwrap();
                    assert_eq!(terms.len(), gate["sum"].as_array().unwrap().len());
                    for (terms, sum) in terms.iter().zip(gate["sum"].as_array().unwrap()) {
                        let number = |term: &Value, key: &str| term[key].as_f64().unwrap();
                        let terms = terms.as_array().unwrap();
                        assert!(terms.iter().all(|t| number(t, "product") == number(t, "weight") * number(t, "value")));
                        let total = terms.iter().fold(0.0, |total, term| total + number(term, "product"));
                        // Up to eight products are added from left to right; of more, eight sums are added up.
                        let few = terms.len() <= 8;
                        let sum = sum.as_f64().unwrap();
                        assert!(total == sum || !few && (total - sum).abs() <= 1e-12, "{}: {total}, {sum}", scenario.name);
                        units += 1;
                    }
                }
            }
            assert!(units > 3);
        }
    }

    #[test]
    fn steps_include_both_ends() {
        let steps = |range: &str| -> Vec<u64> {
            let trace = json(&["trace", "network", "--format", "json", "--steps", range]);
            trace["steps"].as_array().unwrap().iter().map(|step| step["t"].as_u64().unwrap()).collect()
        };
        assert_eq!(steps("1..3"), [1, 2, 3]);
        assert_eq!(steps("2.."), [2, 3, 4]);
        assert_eq!(steps("..2"), [0, 1, 2]);
        assert_eq!(steps(".."), [0, 1, 2, 3, 4]);
        assert_eq!(steps("0..4"), [0, 1, 2, 3, 4]);
        assert_eq!(steps("4"), [4]);
        assert_eq!(steps("3..3"), [3]);
    }

    #[test]
    fn steps_that_are_not_there_are_2() {
        for range in ["4", "4..", "2..4", "..4", "7..9"] {
            let stderr = run(&["trace", "intro", "--steps", range]).bad(2);
            assert!(stderr.contains("the last timestep is 3"), "{stderr}");
        }
    }

    #[test]
    fn a_step_traced_alone_is_as_in_the_whole_trace() {
        let whole = json(&["trace", "network", "--format", "json"]);
        let alone = json(&["trace", "network", "--format", "json", "--steps", "3"]);
        assert_eq!(alone["steps"][0], whole["steps"][3]);
    }

    #[test]
    fn an_overflow_is_null_in_json() {
        let text = run_with(EXPLODES, &["trace", "-", "--format", "json", "--terms"]).good();
        assert!(!text.contains("NaN") && !text.contains("inf") && !text.contains('∞'), "{text}");
        let trace: Value = serde_json::from_str(&text).unwrap();
        let outputs: Value = trace["steps"].as_array().unwrap().iter().map(|step| step["output"][0].clone()).collect();
        assert_eq!(outputs, json!([1, -1e200, null, null]));
    }

    #[test]
    fn an_overflow_is_an_empty_cell_in_csv() {
        let text = run_with(EXPLODES, &["trace", "-", "--format", "csv"]).good();
        let header = "t,label,x1,layer 1.bomb,output.bomb,expected.bomb,holds\n";
        assert_eq!(text, header.to_owned() + "0,,1,1,1,,\n1,,1,-1e200,-1e200,,\n2,,1,,,,\n3,,1,,,,\n");
    }

    #[test]
    fn the_text_says_where_an_overflow_began_once() {
        let said = "  ! not a finite number, for the first time: layer 1, bomb, t = 2\n";
        let whole = run_with(EXPLODES, &["trace", "-"]).good();
        let (before, after) = whole.split_once(said).unwrap();
        assert!(before.contains("\nt = 2") && !before.contains("\nt = 3") && !after.contains('!'), "{whole}");
        assert!(run_with(EXPLODES, &["trace", "-", "--steps", "3"]).good().ends_with(said));
        assert!(!run_with(EXPLODES, &["trace", "-", "--steps", "..1"]).good().contains('!'));
    }

    #[test]
    fn a_claim_about_a_value_that_overflowed_does_not_hold() {
        let text = EXPLODES.to_owned() + "[expected]\noutput = [[1], [nan], [0], [nan]]\n";
        let Run { code, stdout, stderr } = run_with(&text, &["check", "-", "--strict"]);
        assert_eq!(code, Some(1));
        assert!(stdout.ends_with("; claims that hold: 1 of 2\n"), "{stdout}");
        assert!(stderr.contains("at t = 2: expected output is 0, but the network computes inf\n"), "{stderr}");
    }
}

mod writing_a_file {
    use super::*;

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_holds_what_standard_output_would_and_has_ordinary_permissions() {
        let folder = folder(&[]);
        File::create(folder.path().join("ordinary")).unwrap();
        assert_eq!(run_in(&folder, &["trace", "--format", "csv", "-o", "new.csv"]).good(), "");
        let new = folder.path().join("new.csv");
        assert_eq!(fs::read_to_string(&new).unwrap(), run(&["trace", "--format", "csv"]).good());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&new), mode(&folder.path().join("ordinary")));
        assert_eq!(names(&folder), ["new.csv", "ordinary"]);
    }

    #[test]
    fn a_frame_whose_keys_would_save_it_writes_no_file() {
        let folder = folder(&[]);
        let frame = |keys: &str| run_in(&folder, &["frame", "--keys", keys, "--format", "svg"]).good();
        assert_eq!(frame("n,s"), frame("n"));
        assert!(frame("n").starts_with("<svg "));
        assert!(names(&folder).is_empty());
    }

    #[test]
    fn files_are_named_after_a_scenario_in_letters_digits_dots_and_dashes() {
        for (scenario, name) in [
            ("intro", "intro"),
            ("/a/b/c.toml", "c"),
            ("señal_2.v3.toml", "señal_2.v3"),
            ("-", "celda"),
            (".hidden", "hidden"),
            ("--help.toml", "help"),
            ("a / b", "b"),
            ("a\u{1b}[0m\n$(b)\u{202e}", "a-0m-b"),
            ("a..b--c.toml", "a.b-c"),
            ("..", "celda"),
            ("", "celda"),
            ("?!", "celda"),
        ] {
            assert_eq!(celda::new_file::stem(scenario), name, "{scenario:?}");
        }
        for long in ["a".repeat(5000), "漢".repeat(5000)] {
            assert!((98..=100).contains(&celda::new_file::stem(&long).len()));
        }
    }

    #[test]
    fn a_dash_is_standard_output() {
        let folder = folder(&[]);
        assert_eq!(run_in(&folder, &["trace", "-o", "-"]).good(), run(&["trace"]).good());
        assert!(names(&folder).is_empty());
    }

    #[test]
    fn what_exists_is_never_overwritten() {
        let folder = folder(&[("file", "mine"), ("target", "mine too")]);
        symlink("target", folder.path().join("link")).unwrap();
        symlink("gone", folder.path().join("dangling")).unwrap();
        fs::create_dir(folder.path().join("folder")).unwrap();
        let before = names(&folder);
        for name in ["file", "link", "dangling", "folder"] {
            let stderr = run_in(&folder, &["trace", "-o", name]).bad(3);
            assert_eq!(stderr, format!("celda: {name} exists and is not overwritten; name a new file\n"));
        }
        assert_eq!(names(&folder), before);
        assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "mine");
        assert_eq!(fs::read_to_string(folder.path().join("target")).unwrap(), "mine too");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named_without_a_temporary_file() {
        let folder = folder(&[]);
        let stderr = run_in(&folder, &["trace", "-o", "nowhere/new.csv"]).bad(3);
        assert!(stderr.starts_with("celda: cannot write nowhere/new.csv: No such file or directory"), "{stderr}");
        assert!(!stderr.contains(".tmp"), "{stderr}");
    }

    #[test]
    fn nothing_is_written_where_the_scenario_or_the_command_line_is_wrong() {
        let folder = folder(&[]);
        run_in(&folder, &["trace", "nowhere.toml", "-o", "new.csv"]).bad(1);
        run_in(&folder, &["trace", "--steps", "9", "-o", "new.csv"]).bad(2);
        assert!(names(&folder).is_empty());
    }
}

mod what_celda_prints_of_itself {
    use super::*;

    #[test]
    fn scenarios_lists_every_built_in_scenario() {
        let list = run(&["scenarios"]).good();
        let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert!(names.iter().copied().eq(builtin::ALL.iter().map(|builtin| builtin.name)), "{list}");
        assert!(list.lines().all(|line| line.split_whitespace().count() > 2), "{list}");
    }

    #[test]
    fn scenarios_prints_the_file_of_one() {
        for builtin in builtin::ALL {
            let path = format!("{}/scenarios/{}.toml", env!("CARGO_MANIFEST_DIR"), builtin.name);
            assert_eq!(run(&["scenarios", builtin.name]).good(), fs::read_to_string(path).unwrap());
        }
        run(&["scenarios", "intr"]).refused("did you mean `intro`?");
    }

    #[test]
    fn every_starter_is_valid_and_its_claims_hold() {
        for kind in ["rnn", "lstm", "gru", "network"] {
            let starter = run(&["new", kind]).good();
            run_with(&starter, &["check", "--strict", "-"]).good();
        }
        assert_eq!(run(&["new"]).good(), run(&["new", "rnn"]).good());
    }

    #[test]
    fn what_a_starter_comments_out_is_valid_too() {
        let is_key = |line: &str| line.starts_with("# ") && line.contains(" = [") || line.starts_with("# [");
        for (kind, keys) in [
            ("rnn", &["recurrent_bias", "[expected]"][..]),
            ("lstm", &["recurrent_bias", "peephole", "unit_names"]),
            ("gru", &["recurrent_bias", "unit_names"]),
        ] {
            let starter = run(&["new", kind]).good();
            let uncommented: Vec<&str> = starter
                .lines()
                .map(|line| if is_key(line) || line.starts_with("# tolerance") { line.trim_start_matches("# ") } else { line })
                .filter(|line| !line.starts_with("columns"))
                .collect();
            let uncommented = uncommented.join("\n");
            assert!(keys.iter().all(|key| uncommented.contains(&format!("\n{key}"))), "{uncommented}");
            let stdout = run_with(&uncommented, &["check", "--strict", "-"]).good();
            assert!(stdout.ends_with("; claims that hold: 2 of 2\n"), "{stdout}");
        }
    }

    fn data(name: &str) -> Vec<u8> {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
    }

    #[test]
    fn a_starter_from_a_trained_model_names_its_layers_and_their_sizes() {
        let folder = folder(&[]);
        for (name, snapshot) in
            [("pytorch.safetensors", "new_from_pytorch"), ("keras.npz", "new_from_keras"), ("onnx.npz", "new_from_onnx")]
        {
            fs::write(folder.path().join(name), data(name)).unwrap();
            let starter = run_in(&folder, &["new", "--from", name]).good();
            fs::write(folder.path().join("starter.toml"), &starter).unwrap();
            run_in(&folder, &["check", "--strict", "starter.toml"]).good();
            run_in(&folder, &["trace", "starter.toml", "--terms", "--format", "json"]).good();
            insta::assert_snapshot!(snapshot, starter);
        }
    }

    #[test]
    fn a_starter_from_a_trained_model_keeps_to_the_prefix_asked_for() {
        let folder = folder(&[]);
        fs::create_dir(folder.path().join("models")).unwrap();
        fs::write(folder.path().join("models/a \"b\".npz"), data("keras.npz")).unwrap();
        let starter = run_in(&folder, &["new", "--from", "models/a \"b\".npz", "--prefix", "sequential/gru_1"]).good();
        let weights = r#"weights = { file = "models/a \"b\".npz", prefix = "sequential/gru_1", convention = "keras" }"#;
        let outside = starter.lines().find(|line| line.starts_with("# Of layers outside the prefix: ")).unwrap();
        assert!(outside.contains("sequential/"), "{outside}");
        assert!(!starter.contains("Of no layer that celda knows"), "they are of layers it knows\n{starter}");
        assert!(starter.contains(weights), "{starter}");
        assert!(starter.contains("\nrows = [[0, 0], [0, 0], [0, 0]]\n"), "{starter}");
        assert_eq!(starter.matches("[[layer]]").count(), 1, "{starter}");
    }

    /// A safetensors file of such matrices, all of whose numbers are this one.
    fn matrices(number: f32, matrices: &[(&str, [usize; 2])]) -> Vec<u8> {
        let (mut header, mut bytes) = (serde_json::Map::new(), Vec::new());
        for (name, [rows, columns]) in matrices {
            let from = bytes.len();
            bytes.extend(number.to_le_bytes().repeat(rows * columns));
            let entry = json!({"dtype": "F32", "shape": [rows, columns], "data_offsets": [from, bytes.len()]});
            header.insert((*name).to_owned(), entry);
        }
        let header = Value::Object(header).to_string();
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &bytes].concat()
    }

    #[test]
    fn names_that_are_right_are_not_blamed_for_shapes_that_are_wrong() {
        let folder = folder(&[]);
        let write =
            |name: &str, shapes: &[(&str, [usize; 2])]| fs::write(folder.path().join(name), matrices(0.5, shapes)).unwrap();
        write("transposed.safetensors", &[("weight_ih_l0", [2, 12]), ("weight_hh_l0", [3, 12])]);
        write("odd.safetensors", &[("rnn.weight_ih_l0", [7, 2]), ("rnn.weight_hh_l0", [5, 3])]);
        let run = |name: &str| run_in(&folder, &["new", "--from", name]);
        let said = run("transposed.safetensors")
            .refused("`weight_ih_l0` and `weight_hh_l0` are names of pytorch, but no layer has the shapes 2 × 12 and 3 × 12");
        assert!(said.contains("help: transposed they are an lstm: save them as 12 × 2 and 12 × 3"), "{said}");
        let said = run("odd.safetensors").refused("but no layer has the shapes 7 × 2 and 5 × 3");
        assert!(said.contains("pytorch has gates·units × inputs and gates·units × units"), "{said}");
        let scenario = "title = \"T\"\n[input]\nrows = [[1, 2]]\n[[layer]]\nkind = \"lstm\"\n\
                        weights = { file = \"transposed.safetensors\", convention = \"pytorch\" }\n";
        fs::write(folder.path().join("t.toml"), scenario).unwrap();
        let said = run_in(&folder, &["check", "t.toml"]).refused("weight_ih is 2 × 12");
        assert!(said.contains("save them as pytorch does, not transposed") && !said.contains("rename"), "{said}");
    }

    #[test]
    fn what_keeps_a_starter_from_being_used_is_said_when_it_is_made() {
        let folder = folder(&[]);
        let whole = [("weight_ih_l0", [12, 2]), ("weight_hh_l0", [12, 3])];
        fs::create_dir(folder.path().join("here")).unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        write("whole.safetensors", &matrices(0.5, &whole));
        write("nan.safetensors", &matrices(f32::NAN, &whole));
        write("half.safetensors", &matrices(0.5, &[whole[0], whole[1], ("weight_ih_l2", [12, 3])]));
        let said_of = |name: &str| {
            let run = run_in(&folder, &["new", "--from", name]);
            assert_eq!(run.code, Some(0), "{}", run.stderr);
            (run.stdout, run.stderr)
        };
        assert_eq!(said_of("whole.safetensors").1, "");
        run_in(&folder, &["new", "--from", "nan.safetensors"]).refused("array `weight_ih_l0` is NaN at [0, 0]");
        let (toml, warning) = said_of("half.safetensors");
        assert!(warning.starts_with("half.safetensors: warning: there is `weight_ih_l2`, but no `weight_hh_l2`\n"), "{warning}");
        assert_eq!(toml.matches("[[layer]]").count(), 1, "{toml}");
        for outside in ["here/../whole.safetensors", folder.path().join("whole.safetensors").to_str().unwrap()] {
            let (toml, warning) = said_of(outside);
            assert!(warning.starts_with(&format!("{outside}: warning: it lies outside the folder")), "{warning}");
            assert!(warning.contains("= help: put it beside the scenario") && warning.contains("--allow-outside"), "{warning}");
            assert!(
                toml.contains("title = { en = \"The network of whole.safetensors\", es = \"La red de whole.safetensors\" }\n"),
                "{toml}"
            );
            fs::write(folder.path().join("made.toml"), &toml).unwrap();
            run_in(&folder, &["check", "made.toml"]).refused("it lies outside the scenario's folder");
            run_in(&folder, &["check", "--allow-outside", "made.toml"]).good();
        }
    }

    #[test]
    fn a_starter_from_an_archive_of_float16_says_so_and_blames_no_name() {
        let half = |name, shape, numbers: usize| Member::stored(name, &npy(&header("<f2", shape), &vec![0; 2 * numbers]));
        let members =
            [half("weight_ih_l0.npy", "(3, 2)", 6), half("weight_hh_l0.npy", "(3, 3)", 9), half("dense.weight.npy", "(2, 3)", 6)];
        let folder = folder(&[]);
        fs::write(folder.path().join("half.npz"), archive(&members)).unwrap();
        let run = |args: &[&str]| run_in(&folder, &[&["new", "--from", "half.npz"], args].concat());
        for (prefix, array) in [("", "weight_ih_l0"), ("dense", "dense.weight")] {
            let said = run(&["--prefix", prefix]).refused(&format!(
                "half.npz: array `{array}` is of type <f2, float16, but from an npz archive float32 and float64 are read"
            ));
            assert!(said.contains("help: save it as float32, or the model as a safetensors file"), "{said}");
        }
    }

    #[test]
    fn a_file_without_layers_makes_no_starter() {
        let folder = folder(&[("not.npz", "PK\u{3}\u{4}")]);
        for name in ["types.npz", "keras.npz"] {
            fs::write(folder.path().join(name), data(name)).unwrap();
        }
        let run = |args: &[&str]| run_in(&folder, &[&["new", "--from"], args].concat());
        run(&["types.npz"]).refused("types.npz: no layer is found by the names of its arrays: f64, f32, ");
        run(&["keras.npz", "--prefix", "sequential/lstm"]).refused("no layer is found under the prefix `sequential/lstm`");
        run(&["not.npz"]).refused("not.npz: not an npz archive: it has no end");
        run(&["nothing.npz"]).refused("nothing.npz: there is no such file");
        run(&["."]).refused("this is a folder, not a file");
    }

    #[test]
    fn every_shell_has_a_completion_script() {
        for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
            assert!(run(&["completions", shell]).good().contains("celda"), "{shell}");
        }
    }

    #[test]
    fn the_man_page_has_every_key() {
        let page = run(&["man"]).good().replace("\\-", "-");
        for binding in BINDINGS {
            let keys = binding.keys_shown(Charset::Unicode, Language::En);
            assert!(page.contains(&format!("\\fB{keys}\\fR\n{}\n", binding.help.get(Language::En))), "{keys}");
        }
    }

    #[test]
    fn the_man_page_begins_with_how_celda_is_called() {
        let page = run(&["man"]).good().replace("\\-", "-");
        assert!(
            page.contains(".SH SYNOPSIS\n.nf\n\\fBcelda [OPTIONS] [SCENARIO]...\\fR\n\\fBcelda <COMMAND>\\fR\n.fi\n"),
            "{page}"
        );
    }

    #[test]
    fn help_and_version_go_to_standard_output() {
        assert!(run(&["--help"]).good().contains("Usage: celda"));
        assert_eq!(run(&["--version"]).good(), concat!("celda ", env!("CARGO_PKG_VERSION"), "\n"));
    }
}

/// Lines of words, of which none is the same in two languages; what options are called is.
fn sentences(help: &str) -> Vec<&str> {
    let lines = help.lines().map(|line| line.rsplit("  ").next().unwrap_or(line).trim());
    lines.filter(|line| line.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).count() > 2).collect()
}

#[test]
fn the_help_of_every_command_is_in_the_language_of_the_locale_or_the_one_asked_for() {
    let commands = ["trace", "check", "scenarios", "new", "frame", "notes", "completions", "man"];
    for command in std::iter::once("").chain(commands) {
        for help in ["--help", "-h"] {
            let args: Vec<&str> = [command, help].into_iter().filter(|word| !word.is_empty()).collect();
            let page = |locale: &str| {
                let mut celda = celda(Path::new("/"), &args);
                celda.env("LANG", locale);
                finish(celda).good().to_owned()
            };
            let (english, spanish) = (page("C"), page("es_ES.UTF-8"));
            assert!(english.contains("Usage: celda") && spanish.contains("Uso: celda"), "{args:?}");
            for line in sentences(&english) {
                assert!(!spanish.contains(line), "`{line}` is in English in the help of {args:?}:\n{spanish}");
            }
            for word in ["Usage", "Options", "OPTIONS", "Commands", "COMMAND", "Arguments", "default:", "possible values"] {
                assert!(!spanish.contains(word), "{word} is in English in the help of {args:?}:\n{spanish}");
            }
        }
    }
    assert!(run(&["--lang", "es", "--help"]).good().contains("Uso: celda"));
    assert!(run(&["frame", "--lang=es", "-h"]).good().contains("Uso: celda frame"));
}

#[test]
fn what_is_wrong_with_a_value_is_said_in_the_language_asked_for() {
    for (args, english, spanish) in [
        (&["--precision", "0"][..], "write how many digits, from 1 to 17", "escribir cuántas cifras, de 1 a 17"),
        (&["--at", "-1"], "write a timestep", "escribir un paso de tiempo"),
        (&["trace", "--steps", "x"], "`x` is not a timestep", "`x` no es un paso de tiempo"),
        (&["trace", "--steps", "3..1"], "it ends at 1, before it begins at 3", "termina en 1, antes de empezar en 3"),
        (&["frame", "--size", "80"], "write columns x rows", "escribir columnas x filas"),
        (&["frame", "--keys", "nn"], "`nn` is not a key", "`nn` no es una tecla"),
        (&["frame", "--keys", "n*x"], "`x` in `n*x` is not a number", "`x` en `n*x` no es un número"),
        (&["frame", "--keys", "n*9999999"], "at most 1000000 keys", "1000000 teclas como mucho"),
    ] {
        let said = run(args);
        assert_eq!((said.code, said.stderr.contains(english)), (Some(2), true), "{}", said.stderr);
        let said = run(&[args, &["--lang", "es"]].concat());
        assert_eq!((said.code, said.stderr.contains(spanish)), (Some(2), true), "{}", said.stderr);
        assert!(said.stderr.starts_with("error: valor no válido ") && !said.stderr.contains("invalid"), "{}", said.stderr);
    }
}

#[test]
fn what_is_wrong_with_the_words_of_a_command_line_is_said_in_the_language_asked_for() {
    for (args, english, spanish) in [
        (&["--frob"][..], "unexpected argument '--frob' found", "'--frob' no se esperaba"),
        (&["--precison", "4"], "a similar argument exists: '--precision'", "quizá '--precision'"),
        (&["--steps", "3", "trace"], "'trace --steps' exists", "quizá 'trace --steps'"),
        (&["trace", "intro", "extra"], "unexpected argument 'extra' found", "'extra' no se esperaba"),
        (&["trace", "--format", "yaml"], "invalid value 'yaml'", "valor no válido 'yaml' para '--format <FORMATO>'\n"),
        (&["trace", "--format", "yaml"], "[possible values: text,", "[valores posibles: text,"),
        (&["frame", "--theme", "drak"], "a similar value exists: 'dark'", "quizá 'dark'"),
        (&["trace", "--format"], "a value is required for", "falta el valor de '--format <FORMATO>'"),
        (&["--plain", "--mouse"], "cannot be used with '--mouse'", "'--plain' no se puede usar con '--mouse'"),
        (&["trace", "--terms", "--terms"], "cannot be used multiple times", "'--terms' solo se puede dar una vez"),
        (&["new", "--prefix", "l"], "were not provided:\n  --from", "falta '--from <ARCHIVO>'"),
        (&["check"], "Usage: celda check", "Uso: celda check [OPCIONES] <ESCENARIO>..."),
        (&["--big=yes"], "unexpected value 'yes'", "'--big' no lleva valor, y hay uno: 'yes'"),
        (&["help", "frob"], "unrecognized subcommand 'frob'", "no existe la orden 'frob'"),
    ] {
        let said = run(args).bad(2);
        assert!(said.contains(english), "`{english}` is not in\n{said}");
        let mut celda = celda(Path::new("/"), args);
        celda.env("LANG", "es_ES.UTF-8");
        let said = finish(celda).bad(2);
        assert!(said.contains(spanish) && said.contains("Para más información"), "`{spanish}` is not in\n{said}");
        for word in ["Usage", "argument", "value", "tip:", "similar", "For more", "cannot", "required", "subcommand"] {
            assert!(!said.contains(word), "{word} is English in\n{said}");
        }
    }
}

#[test]
fn standard_input_is_called_so_in_the_language_asked_for() {
    assert!(run_with("title = 1", &["check", "-", "--lang", "es"]).bad(1).contains("entrada estándar:1:9: "));
    assert!(run_with("", &["check", "-", "--lang", "es"]).bad(1).starts_with("entrada estándar: "));
    assert!(run_with(ONE_LAYER, &["check", "-", "--lang", "es"]).good().starts_with("entrada estándar: 3 pasos"));
    let trace = run_with(ONE_LAYER, &["-", "counter", "--lang", "es"]).good();
    assert!(trace.starts_with("==> entrada estándar <==\n"), "{trace}");
}

#[test]
fn what_the_system_says_is_said_without_its_number_and_named_as_such_where_it_is_in_english() {
    let folder = folder(&[]);
    symlink("loop.toml", folder.path().join("loop.toml")).unwrap();
    for (args, english, spanish) in [
        (&["trace", "-o", "no/such/folder"][..], ": No such file or directory\n", ": no existe\n"),
        (&["check", "loop.toml"], "loop.toml: Too many levels", "loop.toml: error del sistema: Too many levels"),
    ] {
        let said = run_in(&folder, args).stderr;
        assert!(said.contains(english) && !said.contains("os error"), "{said}");
        let said = run_in(&folder, &[args, &["--lang", "es"]].concat()).stderr;
        assert!(said.contains(spanish) && !said.contains("os error"), "{said}");
    }
}

#[test]
fn every_command_that_speaks_takes_the_language_to_speak() {
    let list = run(&["scenarios", "--lang", "es"]).good();
    assert!(list.contains("intro        Una celda ReLU"), "{list}");
    assert!(run(&["scenarios", "nothing", "--lang", "es"]).bad(1).contains("no hay ningún escenario incluido"));
    assert!(run(&["new", "--from", "nothing.npz", "--lang", "es"]).bad(1).contains("ayuda: "));
    for command in ["trace", "check", "scenarios", "new", "frame", "notes"] {
        assert!(run(&[command, "--help"]).good().contains("--lang <LANG>"), "{command}");
    }
}
