//! Text from a scenario as LaTeX prints it: nothing in it is a command, and every character is in pdflatex's own fonts.

/// In a word of more characters than this, lines may break.
const LONGEST_WORD: usize = 20;

/// How many characters stand between two such places.
const BREAKS: usize = 5;

/// The characters that LaTeX prints as they are, beside those of ASCII: letters with an accent it can set.
const PRINTED: &str = "¡¿£§©¶ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ\
    ĀāĂăĆćĈĉĊċČčĎďĒēĔĕĖėĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŴŵŶŷŸŹźŻżŽžȘșȚț";

/// The characters that LaTeX reads as something else, or has under a name.
const NAMED: &[(char, &str)] = &[
    ('\\', "\\textbackslash{}"),
    ('{', "\\{"),
    ('}', "\\}"),
    ('#', "\\#"),
    ('$', "\\$"),
    ('%', "\\%"),
    ('&', "\\&"),
    ('_', "\\_"),
    ('~', "\\textasciitilde{}"),
    ('^', "\\textasciicircum{}"),
    ('<', "\\textless{}"),
    ('>', "\\textgreater{}"),
    ('|', "\\textbar{}"),
    // Behind `?` or `!` it would be another sign; brackets and stars could be an argument.
    ('`', "{`}"),
    ('[', "{[}"),
    (']', "{]}"),
    ('*', "{*}"),
    ('\u{a0}', "~"),
    ('“', "{``}"),
    ('”', "{''}"),
    ('„', "{,,}"),
    ('‘', "{`}"),
    ('’', "{'}"),
    ('–', "{--}"),
    ('—', "{---}"),
    ('…', "\\ldots{}"),
    ('º', "\\textsuperscript{o}"),
    ('ª', "\\textsuperscript{a}"),
    ('✓', "\\holds{}"),
    ('✗', "\\fails{}"),
    ('°', "$^\\circ$"),
    ('−', "$-$"),
    ('′', "$'$"),
    ('·', "$\\cdot$"),
    ('•', "$\\bullet$"),
    ('±', "$\\pm$"),
    ('×', "$\\times$"),
    ('÷', "$\\div$"),
    ('⊙', "$\\odot$"),
    ('⊕', "$\\oplus$"),
    ('√', "$\\surd$"),
    ('∞', "$\\infty$"),
    ('≈', "$\\approx$"),
    ('≠', "$\\neq$"),
    ('≤', "$\\leq$"),
    ('≥', "$\\geq$"),
    ('∑', "$\\sum$"),
    ('∂', "$\\partial$"),
    ('∈', "$\\in$"),
    ('«', "$\\ll$"),
    ('»', "$\\gg$"),
    ('→', "$\\rightarrow$"),
    ('←', "$\\leftarrow$"),
    ('↑', "$\\uparrow$"),
    ('↓', "$\\downarrow$"),
    ('↔', "$\\leftrightarrow$"),
    ('⇒', "$\\Rightarrow$"),
    ('α', "$\\alpha$"),
    ('β', "$\\beta$"),
    ('γ', "$\\gamma$"),
    ('δ', "$\\delta$"),
    ('ε', "$\\varepsilon$"),
    ('ζ', "$\\zeta$"),
    ('η', "$\\eta$"),
    ('θ', "$\\theta$"),
    ('κ', "$\\kappa$"),
    ('λ', "$\\lambda$"),
    ('μ', "$\\mu$"),
    ('µ', "$\\mu$"),
    ('ν', "$\\nu$"),
    ('ξ', "$\\xi$"),
    ('π', "$\\pi$"),
    ('ρ', "$\\rho$"),
    ('σ', "$\\sigma$"),
    ('τ', "$\\tau$"),
    ('φ', "$\\varphi$"),
    ('χ', "$\\chi$"),
    ('ψ', "$\\psi$"),
    ('ω', "$\\omega$"),
    ('Γ', "$\\Gamma$"),
    ('Δ', "$\\Delta$"),
    ('Θ', "$\\Theta$"),
    ('Λ', "$\\Lambda$"),
    ('Π', "$\\Pi$"),
    ('Σ', "$\\Sigma$"),
    ('Φ', "$\\Phi$"),
    ('Ψ', "$\\Psi$"),
    ('Ω', "$\\Omega$"),
];

/// Digits and letters above and below the line, in the order of what they are.
const ABOVE: (&str, &str) = ("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ⁺⁻ᵀᵃᵇᶜᵈᵉᵏᵐᵗˣ", "0123456789ni+-Tabcdekmtx");
const BELOW: (&str, &str) = ("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-aehijklmnoprstuvx");

/// The accents that may follow their letter as characters of their own.
const COMBINING: [(char, char); 9] = [
    ('\u{300}', '`'),
    ('\u{301}', '\''),
    ('\u{302}', '^'),
    ('\u{303}', '~'),
    ('\u{304}', '='),
    ('\u{308}', '"'),
    ('\u{30a}', 'r'),
    ('\u{30c}', 'v'),
    ('\u{327}', 'c'),
];

/// A text on one line.
pub fn escape(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|word| !word.is_empty());
    words.map(word).collect::<Vec<_>>().join(" ")
}

/// A text in paragraphs.
pub fn paragraphs(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

fn word(word: &str) -> String {
    let is_long = word.chars().count() > LONGEST_WORD;
    let mut set = String::with_capacity(word.len());
    let mut characters = word.chars().peekable();
    let mut count = 0;
    while let Some(c) = characters.next() {
        if is_long && count > 0 && count % BREAKS == 0 {
            set.push_str("\\allowbreak{}");
        }
        count += 1;
        let next = characters.peek().and_then(|next| COMBINING.iter().find(|(combining, _)| combining == next));
        match next {
            Some((_, accent)) if c.is_ascii_alphabetic() => {
                characters.next();
                set.push_str(&format!("\\{accent}{{{c}}}"));
            }
            // Two of these would be one sign.
            _ if matches!(c, '-' | '\'' | ',') && set.ends_with(c) => set.push_str(&format!("{{}}{c}")),
            // Opening before a word, closing behind it; LaTeX has no straight ones.
            _ if c == '"' => set.push_str(if count == 1 { "{``}" } else { "{''}" }),
            _ => push(&mut set, c),
        }
    }
    set
}

fn push(set: &mut String, c: char) {
    let at = |(signs, plain): (&str, &'static str)| {
        signs.chars().zip(plain.chars()).find(|(sign, _)| *sign == c).map(|(_, plain)| plain)
    };
    if let Some((_, named)) = NAMED.iter().find(|(character, _)| *character == c) {
        set.push_str(named);
    } else if (c.is_ascii() && !c.is_ascii_control()) || PRINTED.contains(c) {
        set.push(c);
    } else if let Some(plain) = at(ABOVE) {
        set.push_str(&format!("\\textsuperscript{{{plain}}}"));
    } else if let Some(plain) = at(BELOW) {
        set.push_str(&format!("\\textsubscript{{{plain}}}"));
    } else {
        // What it is called in ASCII.
        for c in deunicode::deunicode_with_tofu(&c.to_string(), "?").chars() {
            match NAMED.iter().find(|(character, _)| *character == c) {
                Some((_, named)) => set.push_str(named),
                None => set.push(if c.is_ascii_control() { '?' } else { c }),
            }
        }
    }
}
