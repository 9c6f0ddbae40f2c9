//! The lecturer's own screen: what is to be said now and next, what comes out, and a clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::glyphs;
use super::layout::Wish::UpTo;
use super::layout::{Height, columns, rows, share, split};
use super::panel::{cut, dot, framed_from, lines, position, span, wrapped};
use super::text::words;
use super::theme::Role;
use super::width::Width;
use crate::app::action::Action;
use crate::app::keymap::{Binding, NOTES_BINDINGS};
use crate::app::settings::{Charset, Settings};
use crate::app::speaker::{Clock, Moment, Position, Speaker};
use crate::scenario::text::Text;

/// From this many columns on, the next timestep stands beside the current one.
const BESIDE: u16 = 100;

/// From this height on a panel has a frame; below it a line for its title.
const FRAMED: u16 = 8;

/// The columns the title keeps, if it is that long, before place and clock are shortened.
const TITLE: usize = 12;

/// Draws the whole screen.
pub fn draw(speaker: &Speaker, clock: Clock, buffer: &mut Buffer) {
    let screen = Screen::new(speaker, buffer.area);
    lines([header(speaker, clock, screen.header.width)], screen.header, buffer);
    lines([footer(speaker, screen.limit() > 0, screen.footer.width)], screen.footer, buffer);
    // The second panel is scrolled once the first is at its end.
    let first = speaker.scroll().min(screen.now.limit());
    screen.now.draw(first, speaker.settings(), buffer);
    screen.next.draw(speaker.scroll() - first, speaker.settings(), buffer);
    if speaker.settings().charset == Charset::Ascii {
        glyphs::to_ascii(buffer);
    }
}

/// How far it can be scrolled on a screen of so many columns and rows.
pub fn scroll_limit(speaker: &Speaker, (width, height): (u16, u16)) -> usize {
    Screen::new(speaker, Rect::new(0, 0, width, height)).limit()
}

/// Where each part is, and what it says.
struct Screen {
    header: Rect,
    now: Panel,
    next: Panel,
    footer: Rect,
}

/// A timestep.
struct Panel {
    title: String,
    role: Role,
    text: Vec<Line<'static>>,
    area: Rect,
}

impl Screen {
    fn new(speaker: &Speaker, area: Rect) -> Self {
        let [header, middle, footer] = rows(area, [Height::Fixed(1), Height::Rest, Height::Fixed(1)]);
        let (now, next) = if area.width >= BESIDE {
            columns(middle, middle.width / 2)
        } else {
            const NOW: usize = 0;
            const NEXT: usize = 1;
            let [now, next] = panels(speaker, middle, middle).map(|panel| panel.height());
            let wishes = [UpTo(NEXT, next.min(middle.height / 2)), UpTo(NOW, now), UpTo(NEXT, u16::MAX)];
            let [now, _] = share::<2>(middle.height, &wishes);
            split(middle, now)
        };
        let [now, next] = panels(speaker, now, next);
        Self { header, now, next, footer }
    }

    fn limit(&self) -> usize {
        self.now.limit() + self.next.limit()
    }
}

/// The two panels on their areas.
fn panels(speaker: &Speaker, now: Rect, next: Rect) -> [Panel; 2] {
    let Position { now: moment, next: after, is_shown, .. } = speaker.position();
    let words = words(speaker.settings().language);
    let remark = if *is_shown { "" } else { words.not_shown_yet };
    let now = Panel::new([words.now, remark], Role::Current, moment, now, speaker.settings());
    let next = match after {
        Some(moment) => Panel::new([words.next, ""], Role::Title, moment, next, speaker.settings()),
        None => {
            let said = Line::from(format!(" {}", words.no_next));
            Panel { title: words.next.into(), role: Role::Title, text: vec![said], area: next }
        }
    };
    [now, next]
}

impl Panel {
    /// Of a timestep, under a name, with a remark on its outputs.
    fn new([name, remark]: [&str; 2], role: Role, moment: &Moment, area: Rect, settings: &Settings) -> Self {
        let label =
            moment.label.as_ref().map(|label| format!("{}{}", dot(settings), label.get(settings.language))).unwrap_or_default();
        let title = format!("{name}{}t = {}{label}", dot(settings), moment.t);
        Self { title, role, text: text(moment, remark, area, settings), area }
    }

    /// How tall it is when all has room.
    fn height(&self) -> u16 {
        u16::try_from(self.text.len() + 2).unwrap_or(u16::MAX)
    }

    /// The lines there is room for.
    fn room(&self) -> usize {
        usize::from(self.area.height).saturating_sub(if self.area.height < FRAMED { 1 } else { 2 })
    }

    fn limit(&self) -> usize {
        self.text.len().saturating_sub(self.room())
    }

    fn draw(self, scroll: usize, settings: &Settings, buffer: &mut Buffer) {
        let title = position(&self.title, scroll, self.room(), self.text.len(), settings);
        let inside = if self.area.height < FRAMED {
            let (heading, below) = split(self.area, 1);
            lines([Line::from_iter([Span::raw(" "), span(title, self.role, settings)])], heading, buffer);
            below
        } else {
            framed_from(FRAMED, &title, self.area, settings, buffer)
        };
        lines(self.text.into_iter().skip(scroll), inside, buffer);
    }
}

/// What comes out and how, then what is to be said.
fn text(moment: &Moment, remark: &str, area: Rect, settings: &Settings) -> Vec<Line<'static>> {
    let words = words(settings.language);
    let width = usize::from(area.width.saturating_sub(4));
    let styled = |text: &str, role| wrapped(text, width).into_iter().map(move |line| styled(line, role, settings));
    let mut said: Vec<Line<'static>> = styled(&format!("{}{remark}", outputs(moment, settings)), Role::Total).collect();
    for formula in &moment.formula {
        said.extend(styled(&written(formula, settings), Role::Plain));
    }
    if area.height >= FRAMED {
        said.push(Line::default());
    }
    let notes = moment.notes.get(settings.language);
    said.extend(styled(if notes.is_empty() { words.no_notes } else { notes }, Role::Plain));
    said
}

fn styled(line: String, role: Role, settings: &Settings) -> Line<'static> {
    Line::from_iter([Span::raw(" "), span(line, role, settings)])
}

/// `Output 170`, `Output: more a 0.761594, more b 0`.
fn outputs(moment: &Moment, settings: &Settings) -> String {
    let words = words(settings.language);
    let more = if moment.more > 0 { format!(" … +{}", moment.more) } else { String::new() };
    match moment.outputs.as_slice() {
        [] => format!("{}: {}", words.output, words.only_last),
        [output] => format!("{} {}{more}", words.output, number(&output.value, settings)),
        several => {
            let each: Vec<String> = several
                .iter()
                .map(|output| format!("{} {}", output.name.get(settings.language), number(&output.value, settings)))
                .collect();
            format!("{}: {}{more}", words.output, each.join(", "))
        }
    }
}

/// A formula line in the lecturer's language.
fn written(text: &Text, settings: &Settings) -> String {
    number(text.get(settings.language), settings)
}

/// Numbers as the stepper writes them, but for infinities.
fn number(text: &str, settings: &Settings) -> String {
    match settings.charset {
        Charset::Unicode => text.to_owned(),
        Charset::Ascii => text.replace('∞', "inf"),
    }
}

/// The title, where the stepper is, the time of day and how long it has been running.
fn header(speaker: &Speaker, clock: Clock, width: u16) -> Line<'static> {
    let settings = speaker.settings();
    let words = words(settings.language);
    let Position { title, timesteps, now, micro_step, .. } = speaker.position();
    let width = usize::from(width);
    let place = format!("t = {}", now.t);
    let inside: Vec<&str> = micro_step.iter().map(|part| part.get(settings.language)).collect();
    let inside = match inside.as_slice() {
        [] => format!("{} {}/{timesteps}", words.step, now.t.saturating_add(1)),
        parts => parts.join(dot(settings)),
    };
    let step = format!("{place}{}{inside}", dot(settings));
    let [time, elapsed] = [time_of_day(clock), elapsed(clock)];
    let ways = [[step, time.clone(), elapsed.clone()], [place, time.clone(), elapsed], [String::new(), String::new(), time]];
    let wide = |way: &[String; 3]| way.iter().map(|part| part.width() + 2).sum::<usize>();
    let Some([place, time, elapsed]) = ways.iter().find(|way| wide(way) + TITLE <= width).or(ways.last()).cloned() else {
        return Line::default();
    };
    let right = wide(&[place.clone(), time.clone(), elapsed.clone()]);
    let title = cut(&format!(" {}{}{}", words.notes, dot(settings), title.get(settings.language)), width.saturating_sub(right));
    let air = width.saturating_sub(title.width() + right);
    Line::from_iter([
        span(title, Role::Title, settings),
        Span::raw(" ".repeat(air)),
        Span::raw(if place.is_empty() { "" } else { "  " }),
        span(place, Role::Current, settings),
        Span::raw(if time.is_empty() { "" } else { "  " }),
        span(time, Role::Total, settings),
        Span::raw("  "),
        span(elapsed, Role::Total, settings),
    ])
}

/// `14:05:09`.
fn time_of_day(clock: Clock) -> String {
    let [hours, minutes, seconds] = clock.time;
    format!("{hours:02}:{minutes:02}:{seconds:02}")
}

/// `+12:34`, `+1:02:03`.
fn elapsed(clock: Clock) -> String {
    let seconds = clock.elapsed.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("+{hours}:{minutes:02}:{seconds:02}") } else { format!("+{minutes:02}:{seconds:02}") }
}

/// The keys, as many as there is room for; the last says how to get out.
fn footer(speaker: &Speaker, scrolls: bool, width: u16) -> Line<'static> {
    let settings = speaker.settings();
    let useful = |binding: &&Binding| scrolls || binding.action != Action::ScrollDown;
    let hints: Vec<[String; 2]> = NOTES_BINDINGS
        .iter()
        .filter(useful)
        .filter_map(|binding| {
            let word = binding.footer?.get(settings.language);
            Some([binding.keys.first()?.shown(settings.charset, settings.language).to_string(), format!(" {word}  ")])
        })
        .collect();
    let wide = |hints: &[[String; 2]]| hints.iter().flatten().map(|part| part.width()).sum::<usize>();
    let (front, last) = hints.split_at(hints.len().saturating_sub(1));
    let kept = (0..=front.len()).rev().find(|&kept| wide(&front[..kept]) + wide(last) <= usize::from(width) + 1).unwrap_or(0);
    let mut spans = vec![Span::raw(" ")];
    for [key, word] in front[..kept].iter().chain(last) {
        spans.push(span(key.clone(), Role::Title, settings));
        spans.push(span(word.clone(), Role::Plain, settings));
    }
    Line::from(spans)
}
